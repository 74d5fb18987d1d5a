package dev.ostrakon.simulation.engine;

/** What one replica has durably on the disk of its node. Outlives the processes. */
public final class ReplicaDisk {

  private final SimulatedDisk disk;
  private final LogImage log = new LogImage();
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

  void replaceState(StateImage newState) {
    state = newState;
  }

  /** Log and checkpoint together, roughly. */
  public long sizeBytes() {
    return log.sizeBytes() + state.sizeBytes();
  }
}
