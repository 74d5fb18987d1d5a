package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Clients that propose all the time and remember what they were told. */
final class ClusterLoad {

  /** As any client would, these do not hammer a cluster that has no leader. */
  private static final long RETRY_PAUSE_NANOS = 20_000_000; // 20 ms

  private final ProcessCluster cluster;
  private final Queue<ProcessCluster.Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopping;

  /** Starts clients, each with one command under way at a time. */
  ClusterLoad(ProcessCluster cluster, int clientCount) {
    this.cluster = cluster;
    for (int client = 0; client < clientCount; client++) {
      int number = client;
      Thread thread = new Thread(() -> run(number), "client " + client);
      thread.setDaemon(true);
      clients.add(thread);
      thread.start();
    }
  }

  long appliedCount() {
    return attempts.stream().filter(ProcessCluster.Attempt::isApplied).count();
  }

  /** Waits until so many more commands were acknowledged. */
  void awaitApplied(long more) {
    long target = appliedCount() + more;
    Awaits.untilAsserted(() -> assertThat(appliedCount()).isGreaterThanOrEqualTo(target));
  }

  /** Ends the clients and returns all that they tried. */
  List<ProcessCluster.Attempt> stop() {
    stopping = true;
    for (Thread client : clients) {
      try {
        client.join(Awaits.LIMIT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      assertThat(client.isAlive()).as("%s hangs", client.getName()).isFalse();
    }
    assertThat(failures).isEmpty();
    return List.copyOf(attempts);
  }

  private void run(int number) {
    try {
      while (!stopping) {
        ProcessCluster.Attempt attempt = cluster.attempt("client" + number);
        attempts.add(attempt);
        if (!attempt.isApplied()) {
          LockSupport.parkNanos(RETRY_PAUSE_NANOS);
        }
      }
    } catch (RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }
}
