package dev.ostrakon.node.participant;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.node.cluster.Handover;
import dev.ostrakon.node.cluster.Handovers;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.cluster.LocalGroups;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The groups with a replica on this node, as participants. Confined to one event loop, on which
 * answers arrive.
 */
public final class LocalParticipants {
  private final Handover handover;
  private final Handovers handovers;
  private final LocalGroups groups;

  /** For callers on the loop of {@code handover}. */
  public LocalParticipants(Handover handover, Handovers handovers, LocalGroups groups) {
    this.handover = handover;
    this.handovers = handovers;
    this.groups = groups;
  }

  /** Whether a group has a replica here. */
  boolean contains(GroupId group) {
    return groups.find(group).isPresent();
  }

  /** Asks the replica of a group on this node; answers exactly once. */
  void participate(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    Optional<LocalGroup> found = groups.find(group);
    if (found.isEmpty()) {
      done.accept(new ParticipantAnswer.NotLeader(Optional.empty()));
      return;
    }
    LocalGroup local = found.get();
    if (local.owner().isOwner()) {
      local.front().participate(call, deadlineNanos, done);
      return;
    }
    Handover back = handovers.from(local.owner());
    handover.run(
        local.owner(),
        () ->
            local
                .front()
                .participate(
                    call,
                    deadlineNanos,
                    answer -> back.run(handover.loop(), () -> done.accept(answer))));
  }
}
