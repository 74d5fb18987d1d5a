package dev.ostrakon.cli.demo;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.raft.RandomSource;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Kills leaders and cuts links, one after another, so that a majority of the nodes always runs.
 * Lifecycle: {@link #start}, {@link #close}, which waits until everything is whole again.
 */
public final class Chaos implements AutoCloseable {
  private static final int GAP_MILLIS_MIN = 500;
  private static final int GAP_MILLIS_MAX = 2_000;
  private static final int FAULT_MILLIS_MIN = 500;
  private static final int FAULT_MILLIS_MAX = 2_500;
  private static final double KILL_SHARE = 0.6;

  private final EmbeddedCluster cluster;
  private final int groups;
  private final RandomSource random;
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "chaos");
  private volatile int kills;
  private volatile int cuts;
  private volatile String current = "";

  private Chaos(EmbeddedCluster cluster, int groups, RandomSource random) {
    this.cluster = cluster;
    this.groups = groups;
    this.random = random;
    thread.setDaemon(true);
  }

  /**
   * Begins.
   *
   * @param cluster of three nodes or more, with links that can be cut
   * @param groups its shard groups
   */
  public static Chaos start(EmbeddedCluster cluster, int groups, RandomSource random) {
    Chaos chaos = new Chaos(cluster, groups, random);
    chaos.thread.start();
    return chaos;
  }

  /** What has been done so far, and what is broken now, for people. */
  public String describe() {
    String now = current;
    return kills + " kills, " + cuts + " cuts" + (now.isEmpty() ? "" : ", " + now);
  }

  private void run() {
    try {
      while (!end.await(random.nextLong(GAP_MILLIS_MIN, GAP_MILLIS_MAX), TimeUnit.MILLISECONDS)) {
        if (random.chance(KILL_SHARE)) {
          killLeader();
        } else {
          cutLink();
        }
        current = "";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only this thread writes; others read.
  private void killLeader() throws InterruptedException {
    OptionalInt leader = cluster.leaderOf(new GroupId(1 + random.nextInt(groups)));
    int victim = leader.orElseGet(() -> random.nextInt(cluster.size()));
    current = cluster.id(victim).name() + " killed";
    cluster.kill(victim);
    kills++;
    pause();
    cluster.restart(victim);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only this thread writes; others read.
  private void cutLink() throws InterruptedException {
    int one = random.nextInt(cluster.size());
    int other = (one + 1 + random.nextInt(cluster.size() - 1)) % cluster.size();
    current = cluster.id(one).name() + " cut off from " + cluster.id(other).name();
    cluster.cut(one, other);
    cuts++;
    pause();
    cluster.mend(one, other);
  }

  /** Leaves it broken for a while, or shorter if it is all over. */
  private void pause() throws InterruptedException {
    boolean unused =
        end.await(random.nextLong(FAULT_MILLIS_MIN, FAULT_MILLIS_MAX), TimeUnit.MILLISECONDS);
  }

  /** Ends and mends everything; throws what went wrong with the faults themselves. */
  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException problem = failure.get();
    if (problem != null) {
      throw problem;
    }
  }
}
