package dev.ostrakon.controller;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the controller is asked to do. Commands take effect as a whole or not at all; whether one
 * makes sense is decided when it is applied, by {@link Reconfiguration}.
 */
public sealed interface ControllerCommand {
  /** Calls the method of the case. */
  <T> T choose(Cases<T> cases);

  /** One method for each case. */
  interface Cases<T> {
    T found(Found command);

    T join(Join command);

    T leave(Leave command);

    T move(Move command);

    T rebalance(Rebalance command);

    T permitMovement(PermitMovement command);
  }

  /**
   * Makes configuration 0 under these rules. Must come before anything else; harmless when repeated
   * with the same rules.
   */
  record Found(ControllerRules rules) implements ControllerCommand {
    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.found(this);
    }
  }

  /**
   * Adds groups and gives each its share of the slots.
   *
   * @param groups the nodes of each new group, in an order that is kept; ascending by group
   */
  record Join(SortedMap<GroupId, List<NodeId>> groups) implements ControllerCommand {
    /** Copies the groups. */
    public Join {
      TreeMap<GroupId, List<NodeId>> copy = new TreeMap<>();
      groups.forEach((group, nodes) -> copy.put(group, List.copyOf(nodes)));
      groups = Collections.unmodifiableSortedMap(copy);
    }

    /** Adds these groups, whatever the order of the map. */
    public static Join of(Map<GroupId, List<NodeId>> groups) {
      return new Join(new TreeMap<>(groups));
    }

    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.join(this);
    }
  }

  /**
   * Removes groups and gives their slots to the others.
   *
   * @param groups ascending
   */
  record Leave(SortedSet<GroupId> groups) implements ControllerCommand {
    /** Copies the groups. */
    public Leave {
      groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    }

    /** Removes these groups. */
    public static Leave of(Collection<GroupId> groups) {
      return new Leave(new TreeSet<>(groups));
    }

    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.leave(this);
    }
  }

  /** Gives one slot to a group by hand, whatever that does to the balance. */
  record Move(Slot slot, GroupId group) implements ControllerCommand {
    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.move(this);
    }
  }

  /** Restores the balance that moves by hand have disturbed. */
  record Rebalance() implements ControllerCommand {
    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.rebalance(this);
    }
  }

  /** Changes whether slots may move; the configuration stays as it is. */
  record PermitMovement(MovementPolicy policy) implements ControllerCommand {
    @Override
    public <T> T choose(Cases<T> cases) {
      return cases.permitMovement(this);
    }
  }
}
