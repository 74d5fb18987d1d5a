package dev.ostrakon.simulation.engine;

import dev.ostrakon.raft.LogWrite;
import java.util.ArrayList;
import java.util.List;

/** What one replica has durably on the disk of its node. Outlives the processes. */
public final class ReplicaDisk {

  private final SimulatedDisk disk;
  private LogImage log = new LogImage();

  /** What a read finds behind the durable log although no platter holds it, oldest first. */
  private final List<LogWrite> cached = new ArrayList<>();

  private StateImage state;

  /** A disk that holds this checkpoint and no log. */
  public ReplicaDisk(SimulatedDisk disk, StateImage state) {
    this.disk = disk;
    this.state = state;
  }

  /** The disk that this is a part of. */
  public SimulatedDisk disk() {
    return disk;
  }

  /** The durable log. */
  public LogImage log() {
    return log;
  }

  /**
   * The log as a read shows it, with what a failed sync has left in the page cache.
   *
   * @param copiesUnsyncedTail whether all of it is made durable before it is used; if not, what is
   *     written behind such a tail is found only as long as the tail is
   */
  LogImage open(boolean copiesUnsyncedTail) {
    LogImage shown = log.copy();
    cached.forEach(shown::apply);
    if (copiesUnsyncedTail) {
      log = shown.copy();
      cached.clear();
    }
    return shown;
  }

  /** A write that was synced. */
  void write(LogWrite write) {
    if (cached.isEmpty()) {
      log.apply(write);
    } else {
      cached.add(write);
    }
  }

  /** A write whose sync failed: reads return it, until the power goes. */
  void cache(LogWrite write) {
    cached.add(write);
  }

  /** The power went. */
  void loseCache() {
    cached.clear();
  }

  /** The newest durable checkpoint. */
  public StateImage state() {
    return state;
  }

  /** A copy of what it holds now. */
  public Copy copy() {
    return new Copy(log.copy(), state);
  }

  /** What it holds, as it changes. */
  public Copy view() {
    return new Copy(log, state);
  }

  /** What a disk held at some time, or nothing at all. */
  public record Copy(LogImage log, StateImage state) {
    /** What a new disk holds. */
    public static Copy blank() {
      return new Copy(new LogImage(), StateImage.EMPTY);
    }
  }

  /** Holds this and nothing else from now on; only while its node is down. */
  public void replaceBy(Copy copy) {
    log = copy.log().copy();
    cached.clear();
    state = copy.state();
  }

  void replaceState(StateImage newState) {
    state = newState;
  }

  /** Log and checkpoint together, roughly. */
  public long sizeBytes() {
    return log.sizeBytes() + state.sizeBytes();
  }
}
