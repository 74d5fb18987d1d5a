package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.Leave;
import dev.ostrakon.controller.ControllerCommand.Move;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Decides what a command comes to: a pure function of what holds before and of the command.
 *
 * <p>Policy: after Join, Leave and Rebalance the groups' shares differ by one slot at most, and as
 * few slots as possible move ({@link Balance}). A slot that was placed by a Move stays with its
 * group as long as that group's share has room for it, and of a group that must give slots away it
 * is among the last to go.
 */
final class Reconfiguration implements ControllerCommand.Cases<Decision> {
  /** Groups that a refusal lists by name. */
  private static final int LISTED_MAX = 8;

  private final Founded before;
  private final Configuration configuration;

  private Reconfiguration(Founded before) {
    this.before = before;
    this.configuration = before.assignment().configuration();
  }

  /** Decides a command; an empty {@code before} means that the group is not founded yet. */
  static Decision decide(Optional<Founded> before, ControllerCommand command) {
    if (before.isPresent()) {
      return command.choose(new Reconfiguration(before.get()));
    }
    if (command instanceof Found found) {
      return new Decision.Accepted(new Founded(found.rules(), Assignment.initial(found.rules())));
    }
    return Decision.refused(
        Reason.NOT_FOUNDED,
        "the controller has no rules yet; its first command must found it, was "
            + command.getClass().getSimpleName());
  }

  @Override
  public Decision found(Found command) {
    if (command.rules().equals(before.rules())) {
      return new Decision.Accepted(before);
    }
    return Decision.refused(
        Reason.ALREADY_FOUNDED,
        "the controller was founded before, and its rules stay: expected "
            + before.rules()
            + ", was "
            + command.rules());
  }

  @Override
  public Decision join(Join command) {
    SortedMap<GroupId, List<NodeId>> groups = before.assignment().copyOfGroups();
    for (Map.Entry<GroupId, List<NodeId>> joining : command.groups().entrySet()) {
      Optional<Decision> refusal = problemOf(joining.getKey(), joining.getValue());
      if (refusal.isPresent()) {
        return refusal.get();
      }
      groups.put(joining.getKey(), joining.getValue());
    }
    if (groups.size() > before.rules().groupsMax()) {
      return Decision.refused(
          Reason.LIMIT_EXCEEDED,
          "a configuration has at most groupsMax=%d groups, would have %d"
              .formatted(before.rules().groupsMax(), groups.size()));
    }
    return rebalancedOver(groups);
  }

  private Optional<Decision> problemOf(GroupId group, List<NodeId> nodes) {
    if (group.equals(GroupId.CONTROLLER)) {
      return Optional.of(reserved());
    }
    if (configuration.groups().containsKey(group)) {
      return Optional.of(
          Decision.refused(
              Reason.GROUP_EXISTS,
              "%s is in configuration %d already, with nodes %s; it must leave before it joins anew"
                  .formatted(group, configuration.number(), configuration.nodesOf(group))));
    }
    if (nodes.isEmpty()) {
      return Optional.of(
          Decision.refused(
              Reason.NO_NODES, group + " has no nodes; a group that joins has at least one"));
    }
    if (nodes.size() > before.rules().nodesPerGroupMax()) {
      return Optional.of(
          Decision.refused(
              Reason.LIMIT_EXCEEDED,
              "a group has at most nodesPerGroupMax=%d nodes, %s has %d"
                  .formatted(before.rules().nodesPerGroupMax(), group, nodes.size())));
    }
    Set<NodeId> seen = new HashSet<>();
    return nodes.stream()
        .filter(node -> !seen.add(node))
        .findFirst()
        .map(
            node ->
                Decision.refused(
                    Reason.DUPLICATE_NODE,
                    "%s names node %s more than once; each of its nodes must be another one"
                        .formatted(group, node)));
  }

  @Override
  public Decision leave(Leave command) {
    SortedMap<GroupId, List<NodeId>> groups = before.assignment().copyOfGroups();
    for (GroupId leaving : command.groups()) {
      if (!configuration.groups().containsKey(leaving)) {
        return unknown(leaving);
      }
      groups.remove(leaving);
    }
    return rebalancedOver(groups);
  }

  @Override
  public Decision move(Move command) {
    int count = before.rules().slots().count();
    if (command.slot().number() >= count) {
      return Decision.refused(
          Reason.UNKNOWN_SLOT,
          "slots are numbered from 0 to %d, was %d".formatted(count - 1, command.slot().number()));
    }
    if (!configuration.groups().containsKey(command.group())) {
      return unknown(command.group());
    }
    if (configuration.ownerOf(command.slot()).equals(command.group())) {
      return new Decision.Accepted(before);
    }
    return permitted(before.assignment().withMoved(command.slot(), command.group()));
  }

  @Override
  public Decision rebalance(Rebalance command) {
    return rebalancedOver(before.assignment().copyOfGroups());
  }

  @Override
  public Decision permitMovement(PermitMovement command) {
    return new Decision.Accepted(
        new Founded(before.rules().withMovement(command.policy()), before.assignment()));
  }

  private Decision rebalancedOver(SortedMap<GroupId, List<NodeId>> groups) {
    Assignment next = before.assignment().balancedOver(groups);
    boolean same =
        next.configuration().owners().equals(configuration.owners())
            && next.configuration().groups().equals(configuration.groups());
    return same ? new Decision.Accepted(before) : permitted(next);
  }

  private Decision permitted(Assignment next) {
    int moved = before.assignment().movedAwayIn(next);
    if (moved > 0 && before.rules().movement() == MovementPolicy.INITIAL_ONLY) {
      return Decision.refused(
          Reason.MOVEMENT_NOT_AVAILABLE,
          ("%d of %d slots would move away from groups that serve them, which this cluster's rules"
                  + " do not permit (movement is %s); only slots without an owner can be assigned")
              .formatted(moved, before.rules().slots().count(), before.rules().movement()));
    }
    return new Decision.Accepted(new Founded(before.rules(), next));
  }

  private Decision unknown(GroupId group) {
    if (group.equals(GroupId.CONTROLLER)) {
      return reserved();
    }
    return Decision.refused(
        Reason.UNKNOWN_GROUP,
        "%s is not in configuration %d, whose groups are %s"
            .formatted(group, configuration.number(), listed(configuration.groups().keySet())));
  }

  private static Decision reserved() {
    return Decision.refused(
        Reason.RESERVED_GROUP,
        GroupId.CONTROLLER
            + " is the controller's own group and owns no slots; shard groups are"
            + " numbered from 1");
  }

  private static String listed(Collection<GroupId> groups) {
    if (groups.isEmpty()) {
      return "none";
    }
    String first =
        groups.stream().limit(LISTED_MAX).map(GroupId::toString).collect(Collectors.joining(", "));
    int more = groups.size() - LISTED_MAX;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
