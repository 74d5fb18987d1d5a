package dev.ostrakon.protocol;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is asked of the shard controller. */
public sealed interface ShardsCall {
  /** What a user writes for the newest configuration. */
  long LATEST = -1;

  /**
   * A configuration.
   *
   * @param number {@link #LATEST} for the newest one
   * @param mayBeStale whether the node may answer from what it has heard
   */
  record Query(long number, boolean mayBeStale) implements ShardsCall {
    /** Requires a number that can be. */
    public Query {
      if (number < LATEST) {
        throw new IllegalArgumentException(
            "a configuration's number is not negative, or -1 for the latest, was " + number);
      }
    }
  }

  /** Groups are added; ascending by group, the nodes of each in an order that is kept. */
  record Join(SortedMap<GroupId, List<NodeId>> groups) implements ShardsCall {
    /** Copies the groups. */
    public Join {
      TreeMap<GroupId, List<NodeId>> copy = new TreeMap<>();
      groups.forEach((group, nodes) -> copy.put(group, List.copyOf(nodes)));
      groups = Collections.unmodifiableSortedMap(copy);
    }
  }

  /** Groups are removed. */
  record Leave(SortedSet<GroupId> groups) implements ShardsCall {
    /** Copies the groups. */
    public Leave {
      groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    }
  }

  /** One slot is given to one group. */
  record Move(Slot slot, GroupId group) implements ShardsCall {}

  /** Slots are moved until all groups own equally many. */
  record Rebalance() implements ShardsCall {}
}
