package dev.ostrakon.node.participant;

import java.util.concurrent.atomic.LongAdder;

/** Counts calls between coordinators and participants. Any thread. */
public final class ParticipantCounters {
  final LongAdder callsSent = new LongAdder();
  final LongAdder callsLost = new LongAdder();
  final LongAdder callsReceived = new LongAdder();
  final LongAdder callsRefused = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder skewed = new LongAdder();

  /**
   * The counts at one moment.
   *
   * @param callsLost sent and not answered in time
   * @param callsRefused received when too many were unanswered
   * @param malformed calls and answers that made no sense
   * @param skewed frames whose timestamp was too far ahead
   */
  public record Snapshot(
      long callsSent,
      long callsLost,
      long callsReceived,
      long callsRefused,
      long malformed,
      long skewed) {}

  /** What was counted so far. */
  public Snapshot snapshot() {
    return new Snapshot(
        callsSent.sum(),
        callsLost.sum(),
        callsReceived.sum(),
        callsRefused.sum(),
        malformed.sum(),
        skewed.sum());
  }
}
