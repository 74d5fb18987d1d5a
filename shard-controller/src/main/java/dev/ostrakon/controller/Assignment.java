package dev.ostrakon.controller;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The newest configuration, and which of its slots are where they are because of a move by hand.
 *
 * @param pinned ascending; a slot leaves the set when a reassignment gives it to another group
 */
record Assignment(Configuration configuration, SortedSet<Slot> pinned) {
  Assignment {
    pinned = Collections.unmodifiableSortedSet(new TreeSet<>(pinned));
  }

  /** Configuration 0. */
  static Assignment initial(ControllerRules rules) {
    return new Assignment(Configuration.initial(rules.slots()), new TreeSet<>());
  }

  /** The next configuration with exactly these groups, in balance. */
  Assignment balancedOver(SortedMap<GroupId, List<NodeId>> groups) {
    List<GroupId> owners = Balance.reassign(configuration.owners(), groups.keySet(), pinned);
    TreeSet<Slot> stillPinned = new TreeSet<>(pinned);
    stillPinned.removeIf(slot -> !owners.get(slot.number()).equals(configuration.ownerOf(slot)));
    return new Assignment(
        new Configuration(configuration.number() + 1, owners, groups), stillPinned);
  }

  /** The next configuration with one slot moved by hand. */
  Assignment withMoved(Slot slot, GroupId group) {
    List<GroupId> owners = new ArrayList<>(configuration.owners());
    owners.set(slot.number(), group);
    TreeSet<Slot> nowPinned = new TreeSet<>(pinned);
    nowPinned.add(slot);
    return new Assignment(
        new Configuration(configuration.number() + 1, owners, configuration.groups()), nowPinned);
  }

  /** A copy of the groups, to be changed. */
  SortedMap<GroupId, List<NodeId>> copyOfGroups() {
    return new TreeMap<>(configuration.groups());
  }

  /** How many slots that have an owner here have another in {@code next}. */
  int movedAwayIn(Assignment next) {
    int moved = 0;
    List<GroupId> before = configuration.owners();
    List<GroupId> after = next.configuration.owners();
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(GroupId.CONTROLLER) && !before.get(i).equals(after.get(i))) {
        moved++;
      }
    }
    return moved;
  }
}
