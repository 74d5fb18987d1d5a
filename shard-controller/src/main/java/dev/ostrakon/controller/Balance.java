package dev.ostrakon.controller;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The arithmetic of balanced, minimal reassignment: pure, deterministic, for any number of slots.
 *
 * <p>With S slots and G groups each group gets {@code S / G} slots, and {@code S mod G} of them one
 * more. Which of them is chosen such that, in this order of importance, as few slots as possible
 * move, and as few as possible of those that were placed by hand; what is left open is decided by
 * ascending ids.
 */
final class Balance {
  /*
   * Why it is minimal. A group with c slots and a target of t can keep at most min(c, t), and keeps
   * exactly that many. The sum over all groups grows by one for each group with c > S / G that is
   * granted the extra slot, and by none for the others; so whoever grants the extra slots to such
   * groups first moves the least. The same holds for the slots placed by hand, with their number p
   * in place of c; p <= c, so preferring p > S / G among those with c > S / G costs nothing.
   */

  private Balance() {}

  /**
   * The owners after a reassignment to exactly these groups.
   *
   * @param owners the present owner of each slot; whoever is not among {@code groups} loses it
   * @param pinned slots placed by hand; a group that must give slots away gives these last
   * @return the owner of each slot; nobody ({@link GroupId#CONTROLLER}) if there are no groups
   */
  static List<GroupId> reassign(List<GroupId> owners, Set<GroupId> groups, SortedSet<Slot> pinned) {
    if (groups.isEmpty()) {
      return Collections.nCopies(owners.size(), GroupId.CONTROLLER);
    }
    Map<GroupId, Integer> room = targets(owners, groups, pinned);
    GroupId[] next = new GroupId[owners.size()];
    Arrays.fill(next, GroupId.CONTROLLER);
    for (Slot slot : pinned) {
      keep(owners, slot.number(), room, next);
    }
    for (int i = 0; i < next.length; i++) {
      keep(owners, i, room, next);
    }
    fill(next, room);
    return List.of(next);
  }

  private static void keep(
      List<GroupId> owners, int slot, Map<GroupId, Integer> room, GroupId[] next) {
    GroupId owner = owners.get(slot);
    int left = room.getOrDefault(owner, 0);
    if (left > 0 && next[slot].equals(GroupId.CONTROLLER)) {
      next[slot] = owner;
      room.put(owner, left - 1);
    }
  }

  /** Gives the slots that nobody keeps, in runs, to the groups that have room. */
  private static void fill(GroupId[] next, Map<GroupId, Integer> room) {
    int slot = 0;
    for (Map.Entry<GroupId, Integer> taker : room.entrySet()) {
      for (int left = taker.getValue(); left > 0; slot++) {
        if (next[slot].equals(GroupId.CONTROLLER)) {
          next[slot] = taker.getKey();
          left--;
        }
      }
    }
  }

  /** How many slots each group is to own, ascending by group. */
  private static Map<GroupId, Integer> targets(
      List<GroupId> owners, Set<GroupId> groups, SortedSet<Slot> pinned) {
    int least = owners.size() / groups.size();
    int extras = owners.size() % groups.size();
    Map<GroupId, Integer> held = new TreeMap<>();
    owners.forEach(owner -> held.merge(owner, 1, Integer::sum));
    Map<GroupId, Integer> placed = new TreeMap<>();
    pinned.forEach(slot -> placed.merge(owners.get(slot.number()), 1, Integer::sum));

    List<GroupId> byClaim = new ArrayList<>(groups);
    byClaim.sort(
        Comparator.comparing((GroupId group) -> held.getOrDefault(group, 0) <= least)
            .thenComparing(group -> placed.getOrDefault(group, 0) <= least)
            .thenComparing(group -> held.getOrDefault(group, 0) < least)
            .thenComparing(Comparator.naturalOrder()));
    Map<GroupId, Integer> targets = new TreeMap<>();
    for (int i = 0; i < byClaim.size(); i++) {
      targets.put(byClaim.get(i), i < extras ? least + 1 : least);
    }
    return targets;
  }
}
