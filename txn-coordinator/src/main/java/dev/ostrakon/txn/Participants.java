package dev.ostrakon.txn;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import java.util.function.Consumer;

/** The way to the leader of any group. Confined to the owner of the coordinators that use it. */
public interface Participants {

  /**
   * Asks the leader of a group, wherever it is.
   *
   * @param deadlineNanos by {@link MonotonicClock}; what is not answered by then is lost
   * @param done called at most once, on the owner, possibly before this method returns
   */
  void send(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done);
}
