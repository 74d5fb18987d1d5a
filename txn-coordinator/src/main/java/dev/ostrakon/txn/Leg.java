package dev.ostrakon.txn;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnStatus;
import org.jspecify.annotations.Nullable;

/** What a run knows of one participant. */
final class Leg {
  final GroupId group;

  /** The most that the participant's log was heard to hold; null before it knew the transaction. */
  @Nullable TxnStatus status;

  /** The last call or pause; answers to earlier ones are not listened to. */
  long number;

  /** Whether an answer or the end of a pause is awaited. Invariant: never two at once. */
  boolean isBusy;

  /** What was asked and is not answered; null during a pause, too. */
  ParticipantCall.@Nullable Kind asked;

  /** How often asking has failed in a row. */
  int failures;

  /** Whether an earlier ORDER may be in the log, or may still get there. */
  boolean mayBeOrdered;

  /** Why the participant did not take the ORDER, if so. */
  @Nullable Refusal denial;

  /** How long the participant wants not to be asked, if it said so last. */
  long overloadedMillis;

  /** Whether the participant has forgotten a transaction that is decided. */
  boolean isGone;

  Leg(GroupId group) {
    this.group = group;
  }

  /** Takes over a status; returns whether it told anything new. */
  boolean learn(TxnStatus reported) {
    TxnStatus before = status;
    boolean isNews =
        before == null
            ? !(reported instanceof TxnStatus.Unknown)
            : Statuses.isNews(before, reported);
    if (isNews) {
      status = reported;
    }
    return isNews;
  }

  /** Whether this participant's log certainly holds nothing by this run. */
  boolean isUntouched() {
    return status == null && !mayBeOrdered && asked != ParticipantCall.Kind.ORDER;
  }
}
