package dev.ostrakon.raft;

/**
 * How long the disk has owed an answer. A disk may hang without an error: then nothing is written
 * any more, and nothing says so.
 *
 * <p>Measured in ticks of the driver, which stop while the whole process does, so that a process
 * that was paused does not blame its disk.
 */
final class DiskWatch {

  private long tick;

  /** The newest Ready with a write that was handed out, and that is durable. */
  private long handedOut;

  private long durable;

  /** When the disk last answered, or was asked while it owed nothing. */
  private long sinceTick;

  void onTick() {
    tick++;
  }

  /** A write is on its way to the disk. */
  void handedOut(long readyNumber) {
    if (!isAwaited()) {
      sinceTick = tick;
    }
    handedOut = readyNumber;
  }

  /** The write of this Ready, and of all before it, is durable. */
  void persisted(long readyNumber) {
    durable = Math.max(durable, readyNumber);
    sinceTick = tick;
  }

  private boolean isAwaited() {
    return durable < handedOut;
  }

  /** Ticks without an answer that is due; 0 if the disk owes none. */
  long silentTicks() {
    return isAwaited() ? tick - sinceTick : 0;
  }
}
