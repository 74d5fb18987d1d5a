package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers at once, and what bounds them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientLoadTest {
  private static final ClientConfig PATIENT =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(120_000, 60_000));

  private final FakeCluster cluster = new FakeCluster(2, 4);

  @AfterEach
  void end() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_hundred_threads_share_a_client(int eventLoops) throws InterruptedException {
    int threadCount = 100;
    int each = 200;
    AtomicInteger wrong = new AtomicInteger();
    try (OstrakonClient db = cluster.connect(PATIENT.withEventLoops(eventLoops))) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < threadCount; t++) {
        String own = "own" + t;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 1; i <= each; i++) {
                    db.increment("shared", 1).join();
                    boolean isRight = db.increment(own, 1).join() == i;
                    wrong.addAndGet(isRight ? 0 : 1);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(wrong).hasValue(0);
    assertThat(cluster.store.get("shared")).contains(String.valueOf(threadCount * each));
    assertThat(cluster.store.executions()).isEqualTo(2L * threadCount * each);
  }

  @Test
  void what_gathers_leaves_in_few_frames() {
    try (OstrakonClient db =
        OstrakonClient.builder()
            .addresses(List.of(cluster.addresses()))
            .config(PATIENT)
            .callbacksOnEventLoop()
            .build()) {
      db.put("warm", "up").join();
      long frames = cluster.frames.get();
      List<CompletableFuture<?>> all = new ArrayList<>();
      db.put("trigger", "x")
          .thenAccept(
              version -> {
                for (int i = 0; i < 1_000; i++) {
                  all.add(db.get("key" + i));
                }
              })
          .join();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> all.size() == 1_000 && all.stream().allMatch(CompletableFuture::isDone));
      assertThat(cluster.frames.get() - frames).isLessThan(20);
    }
  }

  @Test
  void what_exceeds_the_bound_fails_at_once_and_room_comes_back() {
    ClientConfig.Bounds bounds = new ClientConfig.Bounds(10, 0, 1_000);
    try (OstrakonClient db = cluster.connect(PATIENT.withBounds(bounds))) {
      db.put("warm", "up").join();
      cluster.script = (node, call) -> new Reaction.Delay(300);
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        all.add(db.get("k" + i));
      }
      assertThat(db.get("one-more"))
          .isCompletedExceptionally()
          .failsWithin(Duration.ofSeconds(1))
          .withThrowableThat()
          .withCauseInstanceOf(OverloadedException.class);
      CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
      CompletableFuture<?> large = db.put("large", "x".repeat(900));
      assertThat(db.put("larger", "x".repeat(900))).isCompletedExceptionally();
      large.join();
    }
  }

  @Test
  void those_who_may_wait_get_their_turn() {
    ClientConfig.Bounds bounds = new ClientConfig.Bounds(4, 96, 1 << 20);
    try (OstrakonClient db = cluster.connect(PATIENT.withBounds(bounds))) {
      db.put("warm", "up").join();
      cluster.script = (node, call) -> new Reaction.Delay(5);
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(db.get("k" + i));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    }
  }

  @Test
  void a_node_that_answers_nothing_holds_no_more_than_its_window() {
    cluster.window = 7;
    ClientConfig config =
        ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(400, 60_000));
    try (OstrakonClient db = cluster.connect(config)) {
      db.ready().join();
      cluster.script = (node, call) -> new Reaction.Ignore();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        all.add(db.put("k" + i, "v"));
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> all.stream().allMatch(CompletableFuture::isCompletedExceptionally));
      assertThat(cluster.requests.get()).isLessThanOrEqualTo(14);
      long unknown = all.stream().filter(ClientLoadTest::isUnknown).count();
      assertThat(unknown).isEqualTo(cluster.requests.get());
    }
  }

  private static boolean isUnknown(CompletableFuture<?> future) {
    return future.handle((value, cause) -> cause).join() instanceof CommitUnknownException;
  }
}
