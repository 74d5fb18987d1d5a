package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.protocol.KvCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a function makes of reads that were not true together. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TornReadsTest {
  private final FakeCluster cluster = new FakeCluster(2, 2);
  private final OstrakonClient db = OstrakonClient.connect(cluster.addresses());
  private final AtomicInteger runs = new AtomicInteger();

  @BeforeEach
  void begin() {
    db.batch().put("a", "1").put("b", "1").commit().join();
  }

  @AfterEach
  void end() {
    db.close();
    cluster.close();
  }

  /** Reads a and b, which are always equal; in the first run they change in between. */
  private CompletableFuture<String> readBoth(Tx tx) {
    return tx.get("a")
        .thenCompose(
            a -> {
              if (runs.getAndIncrement() == 0) {
                db.batch().put("a", "2").put("b", "2").commit().join();
              }
              return tx.get("b")
                  .thenApply(
                      b -> {
                        if (!a.equals(b)) {
                          throw new IllegalStateException("torn: " + a + " and " + b);
                        }
                        return a.orElseThrow();
                      });
            });
  }

  @Test
  void a_function_that_fails_over_a_torn_read_runs_again() {
    assertThat(db.transact(this::readBoth).join()).isEqualTo("2");
    assertThat(runs).hasValue(2);
  }

  @Test
  void a_function_that_fails_over_reads_that_hold_fails_the_call_and_writes_nothing() {
    IllegalStateException own = new IllegalStateException("not enough");
    assertThatThrownBy(
            () ->
                db.transact(
                        tx -> {
                          runs.incrementAndGet();
                          return tx.put("c", "1")
                              .thenCompose(done -> tx.get("a"))
                              .thenCombine(tx.get("b"), (a, b) -> a)
                              .thenApply(
                                  a -> {
                                    throw own;
                                  });
                        })
                    .join())
        .hasCause(own);
    assertThat(runs).hasValue(1);
    assertThat(cluster.store.get("c")).isEmpty();
  }

  @Test
  void a_function_that_fails_over_one_stale_read_runs_again() {
    String seen =
        db.transact(
                tx ->
                    tx.get("a")
                        .thenApply(
                            a -> {
                              if (runs.getAndIncrement() == 0) {
                                db.put("a", "3").join();
                                throw new IllegalStateException("stale");
                              }
                              return a.orElseThrow();
                            }))
            .join();
    assertThat(seen).isEqualTo("3");
  }

  @Test
  void if_nobody_knows_whether_the_reads_hold_that_is_told_with_the_functions_own_cause() {
    IllegalStateException own = new IllegalStateException("not enough");
    OstrakonClient hasty = db.withTimeout(Duration.ofSeconds(2));
    assertThatThrownBy(
            () ->
                hasty
                    .transact(
                        tx ->
                            tx.get("a")
                                .thenApply(
                                    a -> {
                                      cluster.script = (node, call) -> new Reaction.Ignore();
                                      throw own;
                                    }))
                    .join())
        .cause()
        .isInstanceOf(KvException.class)
        .hasSuppressedException(own);
  }

  @Test
  void a_cluster_that_cannot_be_reached_is_not_the_functions_fault() {
    ClientConfig config = ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(400, 100));
    try (OstrakonClient alone = OstrakonClient.connect(config, "127.0.0.1:1")) {
      assertThatThrownBy(() -> alone.transact(tx -> tx.get("a")).join())
          .hasCauseInstanceOf(UnavailableException.class)
          .hasMessageContaining("127.0.0.1:1");
    }
    cluster.script =
        (node, call) -> call instanceof KvCall.Read ? new Reaction.Ignore() : new Reaction.Answer();
    assertThatThrownBy(
            () -> db.withTimeout(Duration.ofMillis(300)).transact(tx -> tx.get("a")).join())
        .cause()
        .isInstanceOf(NotExecutedException.class)
        .hasMessageNotContaining("function");
  }
}
