package dev.ostrakon.txn;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import java.util.List;

/** What a {@link TxnRun} or a {@link DoubleRead} wants done. */
sealed interface Effect {
  /**
   * A participant is to be asked.
   *
   * @param number comes back with the answer
   * @param failures how often asking has failed in a row: whoever is slow gets more time
   */
  record Ask(GroupId group, long number, ParticipantCall call, int failures) implements Effect {
    /** Not after a failure. */
    Ask(GroupId group, long number, ParticipantCall call) {
      this(group, number, call, 0);
    }
  }

  /**
   * After a pause the run is to be told that it is over.
   *
   * @param number comes back with the end of the pause
   * @param failures how often asking has failed in a row, at least 1
   * @param atLeastMillis what the participant wished for
   */
  record Pause(GroupId group, long number, int failures, long atLeastMillis) implements Effect {}

  /** The outcome is known and may be told. */
  record Report(TxnReport report) implements Effect {}

  /** Nothing was logged and nothing will be: that is to be told, and the run is over. */
  record Deny(Refusal refusal) implements Effect {}

  /** The outcome under other participants is to be found out and told to the run. */
  record Follow(List<GroupId> participants) implements Effect {
    /** Copies the list. */
    public Follow {
      participants = List.copyOf(participants);
    }
  }

  /** These groups may forget the transaction. */
  record Forget(List<GroupId> groups) implements Effect {
    /** Copies the list. */
    public Forget {
      groups = List.copyOf(groups);
    }
  }

  /** All participants have ended it. */
  record End() implements Effect {}

  /** The read is proved; its results in the order of its operations. */
  record Seen(Branch branch, List<OperationResult> results) implements Effect {
    /** Copies the list. */
    public Seen {
      results = List.copyOf(results);
    }
  }

  /** The read cannot be proved and is to be run as a transaction. */
  record RunAsTransaction() implements Effect {}
}
