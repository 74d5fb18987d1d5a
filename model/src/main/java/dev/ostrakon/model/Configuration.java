package dev.ostrakon.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A numbered assignment of slots to groups and of groups to nodes. Configuration 0 has no groups.
 *
 * @param number counts from 0; groups adopt configurations one at a time, in order
 * @param owners the group of each slot, by slot number; {@link GroupId#CONTROLLER} stands for none,
 *     and is there only while there are no groups at all
 * @param groups the nodes of each group, in the order given when it joined; ascending by group
 */
public record Configuration(
    long number, List<GroupId> owners, SortedMap<GroupId, List<NodeId>> groups) {
  /** Requires owners that exist. */
  public Configuration {
    if (number < 0) {
      throw new IllegalArgumentException("a configuration's number is not negative, was " + number);
    }
    owners = List.copyOf(owners);
    TreeMap<GroupId, List<NodeId>> copy = new TreeMap<>();
    groups.forEach((group, nodes) -> copy.put(group, List.copyOf(nodes)));
    groups = Collections.unmodifiableSortedMap(copy);
    for (GroupId owner : owners) {
      boolean valid = copy.isEmpty() ? owner.equals(GroupId.CONTROLLER) : copy.containsKey(owner);
      if (!valid) {
        throw new IllegalArgumentException(
            "owner " + owner + " is not a group of " + copy.keySet());
      }
    }
  }

  /** Configuration 0: nobody owns anything. */
  public static Configuration initial(Slots slots) {
    return new Configuration(
        0, Collections.nCopies(slots.count(), GroupId.CONTROLLER), new TreeMap<>());
  }

  /** The number of slots and how keys map to them. */
  public Slots slots() {
    return new Slots(owners.size());
  }

  /** The group that owns this slot, or {@link GroupId#CONTROLLER} if there are no groups. */
  public GroupId ownerOf(Slot slot) {
    return owners.get(slot.number());
  }

  /** The slots of a group, ascending. */
  public List<Slot> slotsOf(GroupId group) {
    List<Slot> result = new ArrayList<>();
    for (int i = 0; i < owners.size(); i++) {
      if (owners.get(i).equals(group)) {
        result.add(new Slot(i));
      }
    }
    return result;
  }

  /** The nodes of a group; empty if it is not part of this configuration. */
  public List<NodeId> nodesOf(GroupId group) {
    return groups.getOrDefault(group, List.of());
  }

  /** How many slots each group owns, ascending by group. */
  public Map<GroupId, Integer> slotCounts() {
    Map<GroupId, Integer> counts = new TreeMap<>();
    groups.keySet().forEach(group -> counts.put(group, 0));
    owners.stream()
        .filter(counts::containsKey)
        .forEach(owner -> counts.merge(owner, 1, Integer::sum));
    return counts;
  }
}
