package dev.ostrakon.simulation.engine;

/** What one replica has durably on the disk of its node. Outlives the processes. */
public final class ReplicaDisk {

  private final SimulatedDisk disk;
  private LogImage log = new LogImage();
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
