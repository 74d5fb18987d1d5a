package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.TxnId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a transaction as a pure state machine: answers and ends of pauses go in, {@link
 * Effect}s come out. It has at most one call or pause underway for each participant.
 */
sealed interface Run permits TxnRun, ReadRun {
  TxnId id();

  HybridTimestamp issuedAt();

  List<GroupId> participants();

  boolean isRecovery();

  boolean isEnded();

  /** Whether a participant had to be moved to the final timestamp. */
  boolean wasFinalised();

  /** Whether some log may hold something by this run, or may yet. */
  boolean mayBeLogged();

  /** The participants that have still to answer, ascending; of a recovery. */
  default List<GroupId> waitsFor() {
    return List.of();
  }

  /**
   * How long a participant that was too busy for the order wants not to be asked; 0 if none was.
   */
  long overloadedMillis();

  /** The next thing to do; null if there is none. */
  @Nullable Effect poll();

  /** Begins. */
  void start();

  /** A participant has answered. */
  void onAnswer(GroupId group, long number, ParticipantAnswer answer);

  /** A pause is over. */
  void onPauseOver(GroupId group, long number);

  /** What a {@link Effect.Follow} has found out. */
  void onFollowed(TxnReport report);

  /** Nobody drives it any more: whatever comes is not listened to. */
  void abandon();
}
