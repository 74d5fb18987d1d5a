package dev.ostrakon.simulation.fault;

/** How many faults there were. */
public final class FaultCounts {

  private long crashes;
  private long restarts;
  private long pauses;
  private long partitions;
  private long diskFaults;
  private long transfers;

  void crashed() {
    crashes++;
  }

  void restarted() {
    restarts++;
  }

  void paused() {
    pauses++;
  }

  void partitioned() {
    partitions++;
  }

  void diskFailed() {
    diskFaults++;
  }

  void transferred() {
    transfers++;
  }

  public long crashes() {
    return crashes;
  }

  public long restarts() {
    return restarts;
  }

  public long pauses() {
    return pauses;
  }

  /** Cuts of links, of whatever shape. */
  public long partitions() {
    return partitions;
  }

  /** Stalls and failures. */
  public long diskFaults() {
    return diskFaults;
  }

  /** Hand-overs of leadership that were asked for. */
  public long transfers() {
    return transfers;
  }
}
