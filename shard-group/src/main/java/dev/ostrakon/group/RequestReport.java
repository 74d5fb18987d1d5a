package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import java.util.List;

/** What became of a request, as far as one group can tell. */
public sealed interface RequestReport {
  /**
   * It took effect, wholly inside this group.
   *
   * @param committed where in the order, and with which results
   */
  record Committed(RequestOutcome.Committed committed) implements RequestReport {}

  /** It took effect, in several groups: none of them knows all its results. */
  record CommittedInPart(HybridTimestamp timestamp, Branch branch) implements RequestReport {}

  /** It was refused for a reason of its own: it had no effect and never will. */
  record Refused(Refusal refusal) implements RequestReport {}

  /** The group had not heard of it, and refuses it from now on: no effect here, ever. */
  record NeverExecuted() implements RequestReport {}

  /**
   * The group has not heard of it, and refuses it from now on; when it was first sent was not said.
   * If that was within the window, it had no effect here; if earlier, nobody can tell any more.
   */
  record NotHeardOf() implements RequestReport {}

  /**
   * Its client has acknowledged it: it has no effect from now on, and what became of it is not
   * remembered.
   */
  record Acknowledged() implements RequestReport {}

  /** It was first sent before the window: nobody can tell any more. */
  record Forgotten() implements RequestReport {}

  /**
   * It is a transaction over several groups whose outcome this group does not know yet: a recovery
   * of this attempt finds it.
   */
  record Pending(TxnId txn, HybridTimestamp issuedAt, List<GroupId> participants)
      implements RequestReport {
    /** Copies the list. */
    public Pending {
      participants = List.copyOf(participants);
    }
  }
}
