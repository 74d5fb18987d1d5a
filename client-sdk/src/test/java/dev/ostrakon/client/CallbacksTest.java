package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where what hangs on futures runs, and that it may block there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CallbacksTest {
  private static final ClientConfig CONFIG =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(60_000, 5_000));

  private final FakeCluster cluster = new FakeCluster(2, 2);
  private final List<OstrakonClient> clients = new ArrayList<>();

  @AfterEach
  void end() {
    clients.forEach(OstrakonClient::close);
    cluster.close();
  }

  private OstrakonClient connect(UnaryOperator<OstrakonClient.Builder> more) {
    OstrakonClient.Builder builder =
        OstrakonClient.builder().addresses(List.of(cluster.addresses())).config(CONFIG);
    OstrakonClient client = more.apply(builder).build();
    clients.add(client);
    return client;
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static boolean isLoop(Thread thread) {
    return thread.getName().contains("eventloop");
  }

  @Test
  void a_thousand_callbacks_that_each_join_another_call_all_complete() throws Exception {
    OstrakonClient db = connect(builder -> builder);
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String key = "key" + i;
      all.add(
          db.put(key, "v" + i)
              .thenApply(version -> db.get(key).thenApply(Optional::orElseThrow).join().value()));
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(await(all.get(i))).isEqualTo("v" + i);
    }
  }

  @Test
  void callbacks_that_block_in_other_ways_do_not_stop_the_others() throws Exception {
    OstrakonClient db = connect(builder -> builder);
    CountDownLatch latch = new CountDownLatch(1);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(db.put("key" + i, "v").thenRun(() -> awaitLatch(latch)));
    }
    all.add(db.put("last", "v").thenRun(latch::countDown));
    for (CompletableFuture<?> each : all) {
      await(each);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void no_callback_runs_on_the_event_loop() throws Exception {
    OstrakonClient db = connect(builder -> builder);
    CompletableFuture<Thread> direct = db.put("a", "1").thenApply(v -> Thread.currentThread());
    CompletableFuture<Thread> all =
        CompletableFuture.allOf(db.put("b", "1"), db.put("c", "1"))
            .thenApply(v -> Thread.currentThread());
    CompletableFuture<Thread> composed =
        CompletableFuture.supplyAsync(() -> "d")
            .thenCompose(key -> db.put(key, "1"))
            .thenApply(v -> Thread.currentThread());
    CompletableFuture<Thread> function =
        db.transact(tx -> tx.get("a").thenApply(v -> Thread.currentThread()));
    await(db.put(new byte[] {'n'}, new byte[] {(byte) 0xC3}));
    CompletableFuture<Thread> failed =
        db.get("n")
            .handle((v, cause) -> v == null && cause != null ? Thread.currentThread() : null);
    CompletableFuture<Thread> status = db.status().thenApply(v -> Thread.currentThread());
    for (CompletableFuture<Thread> each :
        List.of(direct, all, composed, function, failed, status)) {
      assertThat(isLoop(await(each))).isFalse();
    }
  }

  @Test
  void an_executor_that_rejects_or_fails_keeps_no_future_open_and_no_code_moves_to_the_loop()
      throws Exception {
    Executor rejecting =
        task -> {
          throw new RejectedExecutionException("told to");
        };
    Executor failing =
        task -> {
          throw new StackOverflowError("told to");
        };
    for (Executor executor : List.of(rejecting, failing)) {
      OstrakonClient db = connect(builder -> builder.callbackExecutor(executor));
      Thread callback = await(db.put("a", "1").thenApply(v -> Thread.currentThread()));
      assertThat(isLoop(callback)).isFalse();
      Thread function =
          await(db.transact(tx -> tx.put("b", "1").thenApply(v -> Thread.currentThread())));
      assertThat(isLoop(function)).isFalse();
      assertThat(await(db.scan(Scan.all())).entries()).isNotEmpty();
    }
  }

  @Test
  void waiting_on_the_event_loop_that_was_asked_for_throws_with_advice() throws Exception {
    OstrakonClient db = connect(OstrakonClient.Builder::callbacksOnEventLoop);
    CountDownLatch isAdded = new CountDownLatch(1);
    cluster.script =
        (node, call) -> {
          awaitLatch(isAdded);
          return new Reaction.Answer();
        };
    CompletableFuture<Throwable> thrown =
        db.put("a", "1")
            .thenApply(
                version -> {
                  assertThat(isLoop(Thread.currentThread())).isTrue();
                  try {
                    db.get("a").join();
                    return new AssertionError("expected to throw");
                  } catch (IllegalStateException e) {
                    return e;
                  }
                });
    isAdded.countDown();
    assertThat(await(thrown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("thenCompose");
    assertThat(await(db.get("a").thenCompose(v -> db.get("a"))).isPresent()).isTrue();
  }

  @Test
  void a_client_can_be_closed_by_a_callback() throws Exception {
    OstrakonClient db = connect(builder -> builder);
    await(db.put("a", "1"));
    cluster.script = (node, call) -> new Reaction.Ignore();
    CompletableFuture<?> open = db.get("a");
    cluster.script = (node, call) -> new Reaction.Answer();
    await(db.put("b", "1").thenRun(db::close));
    assertThat(open).isDone();
  }

  @Test
  void threads_that_have_nothing_to_do_are_few() throws Exception {
    CallbackThreads threads = new CallbackThreads();
    CountDownLatch all = new CountDownLatch(10_000);
    for (int i = 0; i < 10_000; i++) {
      threads.execute(all::countDown);
    }
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(threads.threadCount()).isLessThanOrEqualTo(2);
  }
}
