package dev.ostrakon.node.rpc;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** What the gRPC servers of a node hold and have refused. Any thread. */
public final class RpcCounters {
  final LongAdder calls = new LongAdder();
  final LongAdder unfinishedBytes = new LongAdder();
  final LongAdder unsentBytes = new LongAdder();
  private final AtomicBoolean answersWanted = new AtomicBoolean();
  final LongAdder refused = new LongAdder();

  /**
   * The counts at one moment.
   *
   * @param calls streams that are open
   * @param unfinishedBytes room taken by messages that have not arrived as a whole
   * @param unsentBytes bytes of answers that connections have not taken
   * @param refused calls ended for what they sent, or did not send in time
   */
  public record Snapshot(long calls, long unfinishedBytes, long unsentBytes, long refused) {}

  /** What is held now, and what was refused so far. */
  public Snapshot snapshot() {
    return new Snapshot(calls.sum(), unfinishedBytes.sum(), unsentBytes.sum(), refused.sum());
  }

  /** Bytes of answers that were written and that connections have not taken. */
  public long unsentBytes() {
    return unsentBytes.sum();
  }

  /** Tells whether somebody waits for the room that answers take which are not read. */
  public void wantAnswersRead(boolean isWanted) {
    answersWanted.set(isWanted);
  }

  boolean areAnswersWantedRead() {
    return answersWanted.get();
  }
}
