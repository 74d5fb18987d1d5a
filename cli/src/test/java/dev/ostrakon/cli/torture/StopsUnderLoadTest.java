package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.KvException;
import dev.ostrakon.client.OstrakonClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM of real processes while clients work on them. */
@Tag("ci")
final class StopsUnderLoadTest {
  private static final int STOPS = 27;
  private static final int CLIENTS = 4;

  /** The limit of a hand-over; on a busy machine with a load of 20 a stop took at most 1.8 s. */
  private static final int STOP_SECONDS_MAX = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void C6_every_stop_under_load_exits_0_in_time() throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    AtomicLong done = new AtomicLong();
    List<Thread> clients = new ArrayList<>();
    try (SpawnedCluster cluster = SpawnedCluster.start(3, 3, "256m", folder);
        OstrakonClient db = OstrakonClient.connect(cluster.addresses().toArray(String[]::new))) {
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        Thread thread = new Thread(() -> work(db, stop, client, done));
        clients.add(thread);
        thread.start();
      }
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < STOPS; i++) {
        NodeProcess node = cluster.nodes().get(i % 3);
        awaitProgress(done);
        long began = System.nanoTime();
        assertThat(node.terminate(STOP_SECONDS_MAX))
            .as("stop %s of %s", i, node.name())
            .hasValue(0);
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        node.start();
        Awaitility.await().atMost(PATIENCE).until(node::isListening);
      }
      System.out.println("stops under load in ms: " + millis);
      stop.countDown();
      for (Thread client : clients) {
        client.join();
      }
    } finally {
      stop.countDown();
    }
  }

  private static void awaitProgress(AtomicLong done) {
    long before = done.get();
    Awaitility.await().atMost(PATIENCE).until(() -> done.get() > before + 100);
  }

  private static void work(OstrakonClient db, CountDownLatch stop, int client, AtomicLong done) {
    for (int i = 0; stop.getCount() > 0; i++) {
      try {
        db.put("load/" + client + "/" + i % 50, "value").join();
        done.incrementAndGet();
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(KvException.class);
      }
    }
  }
}
