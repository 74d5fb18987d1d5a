package dev.ostrakon.cli.torture;

import dev.ostrakon.cli.torture.FaultProxy.Mode;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Faults of a spawned cluster: each kind comes and goes by itself, with numbers of its own, so that
 * kinds overlap in all ways and a seed draws the same faults again.
 */
final class ClusterFaults implements Faults {
  private static final int GAP_MILLIS_MIN = 1_500;
  private static final int GAP_MILLIS_MAX = 10_000;
  private static final int RETURN_TRIES_MAX = 150; // 30 s
  private static final int RETURN_GAP_MILLIS = 200;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final List<Mode> BROKEN_MODES =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Mode.OPEN)));

  private final SpawnedCluster cluster;
  private final Set<Fault> kinds;
  private final RandomSource random;
  private final AtomicLong count = new AtomicLong();
  private final Map<Fault, String> current = new EnumMap<>(Fault.class);

  ClusterFaults(SpawnedCluster cluster, Set<Fault> kinds, RandomSource random) {
    this.cluster = cluster;
    this.kinds = Set.copyOf(kinds);
    this.random = random;
  }

  @Override
  public List<Thread> start(CountDownLatch stop, Consumer<String> problems) {
    List<Thread> threads = new ArrayList<>();
    for (Fault kind : Fault.values()) {
      if (kinds.contains(kind)) {
        RandomSource own = random.fork(kind.name());
        Thread thread = new Thread(() -> run(kind, own, stop, problems), "fault-" + kind);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    }
    return threads;
  }

  private void run(Fault kind, RandomSource own, CountDownLatch stop, Consumer<String> problems) {
    try {
      while (!stop.await(own.nextLong(GAP_MILLIS_MIN, GAP_MILLIS_MAX), TimeUnit.MILLISECONDS)) {
        count.incrementAndGet();
        disturb(kind, own, stop);
        note(kind, "");
      }
    } catch (IOException e) {
      problems.accept("The fault " + kind + " could not be made: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void disturb(Fault kind, RandomSource own, CountDownLatch stop)
      throws IOException, InterruptedException {
    switch (kind) {
      case KILL -> kill(own, stop);
      case PAUSE -> pause(own, stop);
      case PARTITION -> partition(own, stop);
      case CLOCK -> setClock(own, stop);
      case MOVE -> throw new IOException("moves are not supported yet");
    }
  }

  /** Waits so long, or less if the torture ends. */
  private static void waitFor(RandomSource own, CountDownLatch stop, int fromMillis, int toMillis)
      throws InterruptedException {
    boolean unused = stop.await(own.nextLong(fromMillis, toMillis), TimeUnit.MILLISECONDS);
  }

  private int drawNode(RandomSource own) {
    return own.nextInt(cluster.nodes().size());
  }

  private void kill(RandomSource own, CountDownLatch stop)
      throws IOException, InterruptedException {
    boolean all = own.chance(0.1);
    int chosen = drawNode(own);
    List<NodeProcess> victims = all ? cluster.nodes() : List.of(cluster.nodes().get(chosen));
    note(Fault.KILL, all ? "all killed" : victims.get(0).name() + " killed");
    for (NodeProcess victim : victims) {
      victim.kill();
    }
    waitFor(own, stop, 1, 4_000);
    for (NodeProcess victim : victims) {
      victim.start();
    }
    awaitListening(victims, stop);
  }

  /** A machine may be slow to start processes; killed again and again no node would ever serve. */
  private static void awaitListening(List<NodeProcess> nodes, CountDownLatch stop)
      throws InterruptedException {
    for (int i = 0; i < RETURN_TRIES_MAX; i++) {
      if (nodes.stream().allMatch(NodeProcess::isListening)
          || stop.await(RETURN_GAP_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private void pause(RandomSource own, CountDownLatch stop)
      throws IOException, InterruptedException {
    NodeProcess victim = cluster.nodes().get(drawNode(own));
    note(Fault.PAUSE, victim.name() + " paused");
    victim.setPaused(true);
    try {
      waitFor(own, stop, 100, 6_000);
    } finally {
      victim.setPaused(false);
    }
  }

  private void partition(RandomSource own, CountDownLatch stop) throws InterruptedException {
    int victim = drawNode(own);
    Mode mode = BROKEN_MODES.get(own.nextInt(BROKEN_MODES.size()));
    boolean oneLink = own.chance(0.3);
    int peer = drawNode(own);
    int delayMillis = 20 + own.nextInt(400);
    note(
        Fault.PARTITION,
        cluster.nodes().get(victim).name()
            + (oneLink ? " to " + cluster.nodes().get(peer).name() : "")
            + " "
            + mode.name().toLowerCase(Locale.ROOT));
    for (int other = 0; other < cluster.nodes().size(); other++) {
      if (!oneLink || other == peer) {
        set(victim, other, mode, delayMillis);
        set(other, victim, reverse(mode), delayMillis);
      }
    }
    waitFor(own, stop, 500, 8_000);
    cluster.openLinks();
  }

  /** On the links towards a node, what it says is what comes back. */
  private static Mode reverse(Mode mode) {
    return switch (mode) {
      case HOLD_FORWARD -> Mode.HOLD_BACKWARD;
      case HOLD_BACKWARD -> Mode.HOLD_FORWARD;
      case OPEN, HOLD_BOTH, SLOW, RESET -> mode;
    };
  }

  private void set(int from, int to, Mode mode, int delayMillis) {
    FaultProxy link = cluster.link(from, to);
    if (link != null) {
      link.set(mode, delayMillis);
    }
  }

  private void setClock(RandomSource own, CountDownLatch stop)
      throws IOException, InterruptedException {
    NodeProcess victim = cluster.nodes().get(drawNode(own));
    long millis = drawOffset(own);
    note(Fault.CLOCK, victim.name() + " " + millis + " ms");
    victim.setClockOffset(millis);
    waitFor(own, stop, 500, 8_000);
    victim.setClockOffset(0);
  }

  /** Mostly within what a cluster must bear without a word, at times hours off. */
  private static long drawOffset(RandomSource own) {
    long largest = own.chance(0.7) ? 400 : own.chance(0.5) ? 5_000 : HOUR_MILLIS;
    return own.nextLong(-largest, largest + 1);
  }

  @Override
  public void heal() {
    cluster.openLinks();
    for (NodeProcess node : cluster.nodes()) {
      try {
        node.setClockOffset(0);
        node.setPaused(false);
        node.start();
      } catch (IOException e) {
        throw new BrokenPromiseException(node.name() + " cannot be started again.", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public long count() {
    return count.get();
  }

  private synchronized void note(Fault kind, String text) {
    current.put(kind, text);
  }

  @Override
  public synchronized String describe() {
    List<String> texts = current.values().stream().filter(text -> !text.isEmpty()).toList();
    return texts.isEmpty() ? "all well" : String.join(", ", texts);
  }
}
