package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.moved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalanceTest {
  private static final SortedSet<Slot> NONE = Collections.emptySortedSet();

  /** A situation: who owns what, which slots were placed by hand, and who is to own from now on. */
  record Situation(List<GroupId> owners, SortedSet<GroupId> groups, SortedSet<Slot> pinned) {
    List<GroupId> reassigned() {
      return Balance.reassign(owners, groups, pinned);
    }
  }

  @Property
  void shares_differ_by_one_slot_at_most(@ForAll("situations") Situation situation) {
    SortedMap<GroupId, Integer> shares = new TreeMap<>();
    situation.groups().forEach(group -> shares.put(group, 0));
    situation.reassigned().forEach(owner -> shares.merge(owner, 1, Integer::sum));

    assertThat(shares.keySet()).isEqualTo(situation.groups());
    int spread = Collections.max(shares.values()) - Collections.min(shares.values());
    assertThat(spread).isLessThanOrEqualTo(1);
  }

  @Property
  void no_balanced_assignment_moves_fewer_slots(@ForAll("situations") Situation situation) {
    assertThat(moved(situation.owners(), situation.reassigned()))
        .isEqualTo(situation.owners().size() - mostKept(situation));
  }

  @Property
  void no_minimal_assignment_keeps_more_slots_placed_by_hand(
      @ForAll("situations") Situation situation) {
    List<GroupId> next = situation.reassigned();
    long keptByHand =
        situation.pinned().stream()
            .filter(slot -> next.get(slot.number()).equals(ownerOf(slot, situation)))
            .count();

    assertThat(keptByHand).isEqualTo(mostKeptByHand(situation));
  }

  @Property
  void a_balanced_assignment_stays_as_it_is(@ForAll("situations") Situation situation) {
    List<GroupId> next = situation.reassigned();

    assertThat(Balance.reassign(next, situation.groups(), situation.pinned())).isEqualTo(next);
  }

  @Property
  void one_that_joins_gets_its_share_and_nothing_else_moves(
      @ForAll @IntRange(min = 1, max = 200) int slots,
      @ForAll @IntRange(min = 1, max = 40) int groupCount) {
    List<GroupId> before = spreadOver(slots, groupCount - 1);
    List<GroupId> after = Balance.reassign(before, firstGroups(groupCount), NONE);

    int share = groupCount == 1 ? slots : slots / groupCount;
    assertThat(moved(before, after)).isEqualTo(share);
    assertThat(Collections.frequency(after, group(groupCount))).isEqualTo(share);
  }

  @Property
  void when_one_leaves_only_its_own_slots_move(
      @ForAll @IntRange(min = 1, max = 200) int slots,
      @ForAll @IntRange(min = 2, max = 40) int groupCount,
      @ForAll @IntRange(min = 1, max = 40) int leaver) {
    GroupId leaving = group(Math.min(leaver, groupCount));
    List<GroupId> before = spreadOver(slots, groupCount);
    SortedSet<GroupId> rest = new TreeSet<>(firstGroups(groupCount));
    rest.remove(leaving);

    List<GroupId> after = Balance.reassign(before, rest, NONE);

    assertThat(moved(before, after)).isEqualTo(Collections.frequency(before, leaving));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 128})
  void ten_runs_come_to_the_same(int slots) {
    List<List<GroupId>> runs =
        IntStream.range(0, 10).mapToObj(run -> historyOfJoinsAndLeaves(slots)).toList();

    assertThat(runs).containsOnly(runs.get(0));
  }

  @Test
  void without_groups_nobody_owns_anything() {
    assertThat(Balance.reassign(spreadOver(4, 2), new TreeSet<>(), NONE))
        .containsOnly(GroupId.CONTROLLER);
  }

  private static List<GroupId> historyOfJoinsAndLeaves(int slots) {
    List<GroupId> owners = Collections.nCopies(slots, GroupId.CONTROLLER);
    SortedSet<GroupId> groups = new TreeSet<>();
    for (int step = 1; step <= 30; step++) {
      groups.add(group(step * 7 % 31));
      if (step % 3 == 0) {
        groups.remove(groups.first());
      }
      owners = Balance.reassign(owners, groups, NONE);
    }
    return owners;
  }

  private static SortedSet<GroupId> firstGroups(int count) {
    TreeSet<GroupId> groups = new TreeSet<>();
    LongStream.rangeClosed(1, count).forEach(number -> groups.add(group(number)));
    return groups;
  }

  private static List<GroupId> spreadOver(int slots, int groupCount) {
    List<GroupId> nobody = Collections.nCopies(slots, GroupId.CONTROLLER);
    return Balance.reassign(nobody, firstGroups(groupCount), NONE);
  }

  /** Tries every way to hand out the larger shares. */
  private static int mostKept(Situation situation) {
    int best = 0;
    for (List<Integer> targets : allTargets(situation)) {
      best = Math.max(best, kept(situation, targets, slotsByGroup(situation)));
    }
    return best;
  }

  private static int mostKeptByHand(Situation situation) {
    List<Integer> all = slotsByGroup(situation);
    List<Integer> byHand = pinnedByGroup(situation);
    int mostKept = mostKept(situation);
    int best = 0;
    for (List<Integer> targets : allTargets(situation)) {
      if (kept(situation, targets, all) == mostKept) {
        best = Math.max(best, kept(situation, targets, byHand));
      }
    }
    return best;
  }

  private static int kept(Situation situation, List<Integer> targets, List<Integer> held) {
    return IntStream.range(0, situation.groups().size())
        .map(i -> Math.min(targets.get(i), held.get(i)))
        .sum();
  }

  private static List<List<Integer>> allTargets(Situation situation) {
    int count = situation.groups().size();
    int least = situation.owners().size() / count;
    int extras = situation.owners().size() % count;
    List<List<Integer>> result = new ArrayList<>();
    for (int chosen = 0; chosen < 1 << count; chosen++) {
      if (Integer.bitCount(chosen) == extras) {
        int mask = chosen;
        result.add(IntStream.range(0, count).mapToObj(i -> least + (mask >> i & 1)).toList());
      }
    }
    return result;
  }

  private static List<Integer> slotsByGroup(Situation situation) {
    return situation.groups().stream()
        .map(group -> Collections.frequency(situation.owners(), group))
        .toList();
  }

  private static List<Integer> pinnedByGroup(Situation situation) {
    List<GroupId> owners =
        situation.pinned().stream().map(slot -> ownerOf(slot, situation)).toList();
    return situation.groups().stream().map(group -> Collections.frequency(owners, group)).toList();
  }

  private static GroupId ownerOf(Slot slot, Situation situation) {
    return situation.owners().get(slot.number());
  }

  /** Owners are groups 0 (nobody) to 8, in lumps; groups are any of 1 to 8. */
  @Provide
  Arbitrary<Situation> situations() {
    Arbitrary<GroupId> owner =
        Arbitraries.longs()
            .between(0, 8)
            .withDistribution(RandomDistribution.biased())
            .map(GroupId::new);
    return Arbitraries.of(1, 2, 5, 10, 16, 31, 100)
        .flatMap(
            slots ->
                Combinators.combine(
                        owner.list().ofSize(slots),
                        Arbitraries.longs().between(1, 8).map(GroupId::new).set().ofMinSize(1),
                        Arbitraries.integers().between(0, slots - 1).map(Slot::new).set())
                    .as(
                        (owners, groups, pinned) ->
                            new Situation(owners, new TreeSet<>(groups), new TreeSet<>(pinned))));
  }
}
