package dev.ostrakon.node.participant;

import dev.ostrakon.node.connection.Complaints;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts calls between coordinators and participants, and complains about wrong ones once in a
 * while: who sends one may send a million. Any thread.
 */
public final class ParticipantCounters {
  private static final Logger log = LoggerFactory.getLogger(ParticipantCounters.class);
  private static final long COMPLAINT_NANOS = 10_000_000_000L; // 10 s

  final LongAdder callsSent = new LongAdder();
  final LongAdder callsLost = new LongAdder();
  final LongAdder callsReceived = new LongAdder();
  final LongAdder callsRefused = new LongAdder();
  final LongAdder malformed = new LongAdder();
  final LongAdder skewed = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final Complaints complaints = new Complaints();

  /** Counts a call or an answer that made no sense. */
  void malformed(String sentence, Object... arguments) {
    malformed.increment();
    complain(sentence, arguments);
  }

  /**
   * Logs something that no correct node sends, unless the last complaint was just now.
   *
   * @param sentence with placeholders for the arguments
   */
  void complain(String sentence, Object... arguments) {
    wrong.increment();
    if (complaints.isDue(COMPLAINT_NANOS)) {
      Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
      all[arguments.length] = wrong.sum();
      log.warn(sentence + " so_far={}", all);
    }
  }

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
