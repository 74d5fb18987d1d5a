package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The disk of one node, shared by all its replicas. Outlives the processes.
 *
 * <p>Writes gather while one commit runs and then go out together: the group commit of production.
 * A crash loses everything that is not durable; what the disk had been handed and not yet reported
 * may survive, as the profile says.
 */
public final class SimulatedDisk {

  private static final long WRITE_MIN_NANOS = 5_000;
  private static final long WRITE_MAX_NANOS = 50_000;

  /** Of the crashes after a failed sync, those that take the page cache along. */
  private static final double POWER_CUT_CHANCE = 0.5;

  private static final long STALL_MIN_NANOS = 1_000_000_000L; // 1 s
  private static final long STALL_MAX_NANOS = 2_000_000_000L; // 2 s

  /** Something to be written. The methods are called by the disk, not on behalf of a process. */
  public interface Write {

    /** Whether it must be durable before {@link #done}. */
    boolean mustSync();

    /** The disk holds it from now on, whatever happens. */
    void becomeDurable();

    /** Its sync failed: the disk does not hold it, but reads still return it. */
    default void stayInCache() {}

    /** The power went: no read returns any more what only stayed in the cache. */
    default void loseCache() {}

    void done();

    void failed(StorageException cause);
  }

  private final Simulator simulator;
  private final RandomSource random;
  private DiskProfile profile;

  /** Handed over by processes; lost in a crash. */
  private ArrayDeque<Write> gathering = new ArrayDeque<>();

  /** The commit that runs. */
  private List<Write> running = List.of();

  /** Done without a sync: durable with the next sync, else lost in a crash. */
  private final List<Write> unsynced = new ArrayList<>();

  /** Long writes beside the log: checkpoints and received snapshots. */
  private final List<Write> background = new ArrayList<>();

  /** What reads return although its sync failed. */
  private final List<Write> cached = new ArrayList<>();

  private final RandomSource powerCuts;
  private int life;
  private boolean broken;
  private boolean breakNext;
  private long stalledUntilNanos;
  private long syncCount;
  private long stallCount;

  public SimulatedDisk(Simulator simulator, DiskProfile profile, RandomSource random) {
    this.simulator = simulator;
    this.profile = profile;
    this.random = random;
    this.powerCuts = random.fork("power-cuts");
  }

  /** Writes in the order of the calls. */
  public void write(Write write) {
    if (broken) {
      write.failed(brokenDisk());
      return;
    }
    gathering.addLast(write);
    startCommit();
  }

  private void startCommit() {
    if (!running.isEmpty() || gathering.isEmpty()) {
      return;
    }
    running = new ArrayList<>(gathering);
    gathering = new ArrayDeque<>();
    boolean sync = running.stream().anyMatch(Write::mustSync);
    long latency =
        sync
            ? random.nextLong(profile.syncMinNanos(), profile.syncMaxNanos())
            : random.nextLong(WRITE_MIN_NANOS, WRITE_MAX_NANOS);
    if (sync && profile.stallChance() > 0 && random.chance(profile.stallChance())) {
      stall(random.nextLong(STALL_MIN_NANOS, STALL_MAX_NANOS));
    }
    int startedIn = life;
    simulator.after(latency, () -> endCommit(startedIn, sync));
  }

  private void endCommit(int startedIn, boolean sync) {
    if (startedIn != life) {
      return; // The crash has decided what became of it.
    }
    if (simulator.nowNanos() < stalledUntilNanos) {
      long wait = stalledUntilNanos - simulator.nowNanos();
      simulator.after(wait, () -> endCommit(startedIn, sync));
      return;
    }
    List<Write> ended = running;
    running = List.of();
    if (breakNext) {
      failAll(ended);
      return;
    }
    if (sync) {
      syncCount++;
      unsynced.forEach(Write::becomeDurable);
      unsynced.clear();
      ended.forEach(Write::becomeDurable);
    } else {
      unsynced.addAll(ended);
    }
    ended.forEach(Write::done);
    startCommit();
  }

  /**
   * After a failed sync nobody knows what the disk holds: some prefix of what was on its way. The
   * rest stays in the page cache, and a process that starts again reads it.
   */
  private void failAll(List<Write> ended) {
    breakNext = false;
    broken = true;
    List<Write> onTheWay = new ArrayList<>(unsynced);
    onTheWay.addAll(ended);
    int survivors = survive(onTheWay);
    for (Write write : onTheWay.subList(survivors, onTheWay.size())) {
      write.stayInCache();
      cached.add(write);
    }
    unsynced.clear();
    List<Write> failed = new ArrayList<>(ended);
    failed.addAll(gathering);
    gathering.clear();
    failed.forEach(write -> write.failed(brokenDisk()));
  }

  private static StorageException brokenDisk() {
    return new StorageException(StorageException.Reason.IO_ERROR, "the simulated disk failed");
  }

  /** Writes beside the log, durably, taking so long; several may run at once. */
  public void writeInBackground(long nanos, Write write) {
    if (broken) {
      write.failed(brokenDisk());
      return;
    }
    background.add(write);
    int startedIn = life;
    simulator.after(nanos, () -> endBackground(startedIn, write));
  }

  private void endBackground(int startedIn, Write write) {
    if (startedIn != life) {
      return;
    }
    background.remove(write);
    if (broken) {
      write.failed(brokenDisk());
    } else {
      write.becomeDurable();
      write.done();
    }
  }

  /** The power went, or the process: what is not durable is lost, or some of it survives. */
  public void crash() {
    life++;
    if (!cached.isEmpty() && powerCuts.chance(POWER_CUT_CHANCE)) {
      cached.forEach(Write::loseCache);
      cached.clear();
    }
    List<Write> handedOver = new ArrayList<>(unsynced);
    if (profile.torn()) {
      handedOver.addAll(running);
      survive(handedOver);
    } else if (survive(handedOver) == handedOver.size()
        && random.chance(profile.survivalChance())) {
      running.forEach(Write::becomeDurable);
    }
    for (Write write : background) {
      if (random.chance(profile.survivalChance())) {
        write.becomeDurable();
      }
    }
    unsynced.clear();
    background.clear();
    gathering.clear();
    running = List.of();
    broken = false;
    breakNext = false;
    stalledUntilNanos = 0;
  }

  /** Makes a prefix durable, by chance; returns its length. */
  private int survive(List<Write> candidates) {
    if (!random.chance(profile.survivalChance())) {
      return 0;
    }
    int survivors = random.nextInt(candidates.size() + 1);
    candidates.subList(0, survivors).forEach(Write::becomeDurable);
    return survivors;
  }

  /** Nothing completes for so long. */
  public void stall(long nanos) {
    stallCount++;
    stalledUntilNanos = Math.max(stalledUntilNanos, simulator.nowNanos() + nanos);
  }

  /** The commit that ends next fails, and everything after it until the next {@link #crash}. */
  public void breakDown() {
    breakNext = true;
  }

  /** Whether it fails, or will with the next commit. */
  public boolean isBroken() {
    return broken || breakNext;
  }

  public void changeProfile(DiskProfile newProfile) {
    profile = newProfile;
  }

  /** Writes that were handed over and are not answered. */
  public int waitingCount() {
    return running.size() + gathering.size();
  }

  /** Durable commits so far. */
  public long syncCount() {
    return syncCount;
  }

  public long stallCount() {
    return stallCount;
  }
}
