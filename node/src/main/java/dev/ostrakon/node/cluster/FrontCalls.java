package dev.ostrakon.node.cluster;

import dev.ostrakon.group.ShardFront;
import dev.ostrakon.model.GroupId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks the fronts of the groups on this node, wherever they live. Confined to one event loop, on
 * which answers arrive.
 */
public final class FrontCalls {

  /**
   * What is asked of a front, on its loop.
   *
   * @param <A> its answer
   */
  public interface Question<A> {
    void ask(ShardFront front, Consumer<A> listener);
  }

  private final Handover handover;
  private final Handovers handovers;
  private final LocalGroups groups;

  /** For callers on the loop of {@code handover}. */
  public FrontCalls(Handover handover, Handovers handovers, LocalGroups groups) {
    this.handover = handover;
    this.handovers = handovers;
    this.groups = groups;
  }

  /** Whether a group has a replica here. */
  public boolean contains(GroupId group) {
    return groups.find(group).isPresent();
  }

  /** Asks the front of a group; returns whether there is one here. */
  public <A> boolean ask(GroupId group, Question<A> question, Consumer<A> listener) {
    Optional<LocalGroup> found = groups.find(group);
    if (found.isEmpty()) {
      return false;
    }
    LocalGroup local = found.get();
    if (local.owner().isOwner()) {
      question.ask(local.front(), listener);
      return true;
    }
    Handover back = handovers.from(local.owner());
    handover.run(
        local.owner(),
        () ->
            question.ask(
                local.front(), answer -> back.run(handover.loop(), () -> listener.accept(answer))));
    return true;
  }
}
