package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.TxnStatus;
import java.util.List;

/** What the statuses have in common. */
final class Statuses {
  private Statuses() {}

  /** The groups under which it was ordered; empty if the status does not say. */
  static List<GroupId> participantsOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.participants();
    } else if (status instanceof TxnStatus.Ready ready) {
      return ready.participants();
    }
    return status instanceof TxnStatus.Finished finished ? finished.participants() : List.of();
  }

  /** The configuration by which it was cut into fragments; 0 if the status does not say. */
  static long configurationOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.configuration();
    } else if (status instanceof TxnStatus.Ready ready) {
      return ready.configuration();
    }
    return status instanceof TxnStatus.Finished finished ? finished.configuration() : 0;
  }

  /**
   * The fingerprint of the transaction that it is a part of; unknown if the status does not say.
   */
  static int fingerprintOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.fingerprint();
    }
    return status instanceof TxnStatus.Ready ready ? ready.fingerprint() : Fingerprint.UNKNOWN;
  }

  /** The timestamp at which the participant first logged it; zero if it is not pending. */
  static HybridTimestamp proposalOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.proposal();
    }
    return status instanceof TxnStatus.Ready ready ? ready.proposal() : HybridTimestamp.ZERO;
  }

  /** Where it stands in the participant's order; zero if it is not pending. */
  static HybridTimestamp timestampOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.timestamp();
    }
    return status instanceof TxnStatus.Ready ready ? ready.timestamp() : HybridTimestamp.ZERO;
  }

  /** Whether nothing that a coordinator says changes it any more. */
  static boolean isEnded(TxnStatus status) {
    return status instanceof TxnStatus.Refused || status instanceof TxnStatus.Finished;
  }

  /**
   * Whether {@code later} tells more than {@code earlier}. Statuses are looks at a log that only
   * grows, and answers overtake each other; readiness at a timestamp is stable.
   */
  static boolean isNews(TxnStatus earlier, TxnStatus later) {
    if (later instanceof TxnStatus.Unknown || isEnded(earlier)) {
      return false;
    }
    if (isEnded(later) || earlier instanceof TxnStatus.Unknown) {
      return true;
    }
    int moved = timestampOf(later).compareTo(timestampOf(earlier));
    return moved > 0
        || (moved == 0 && later instanceof TxnStatus.Ready && earlier instanceof TxnStatus.Waiting);
  }
}
