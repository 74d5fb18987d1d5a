package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.join;
import static dev.ostrakon.controller.Samples.leave;
import static dev.ostrakon.controller.Samples.move;
import static dev.ostrakon.controller.Samples.moved;
import static dev.ostrakon.controller.Samples.nodesOf;
import static dev.ostrakon.controller.Samples.spread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Unchanged;
import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerGroup.Member;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scenarios C-1 to C-12 of the public suites of this field, on a replicated group of three.
 *
 * <p>The originals have ten shards; here there are 16 slots unless a scenario says otherwise,
 * because slots come in powers of two. C-5, C-6, C-10 and C-11 check nothing in the original (they
 * loop over groups that do not exist); here they compare every slot.
 */
class ControllerScenarioTest {
  private ControllerGroup controllers = new ControllerGroup(1);
  private Clerk clerk = new Clerk(controllers, 1);

  @Test
  void C_1_groups_join_and_leave_with_their_nodes_as_given() {
    found(16);
    requireGroups();
    send(join(1));
    requireGroups(1);
    send(join(2));
    requireGroups(1, 2);
    assertThat(newest().nodesOf(group(1))).isEqualTo(nodesOf(1));
    assertThat(newest().nodesOf(group(2))).isEqualTo(nodesOf(2));
    send(leave(1));
    requireGroups(2);
    send(leave(2));
    requireGroups();
    controllers.requireAgreement();
  }

  @Test
  void C_2_old_configurations_stay_as_they_were_while_each_member_is_down_in_turn() {
    found(16);
    List<Configuration> saved = new ArrayList<>(List.of(newest()));
    for (ControllerCommand command : List.of(join(1), join(2), move(0, 2), leave(1), join(3, 4))) {
      send(command);
      saved.add(newest());
    }
    for (int down = 1; down <= ControllerGroup.SIZE; down++) {
      controllers.kill(controllers.member(down));
      for (Member member : controllers.running()) {
        for (Configuration configuration : saved) {
          assertThat(controllers.configuration(member, configuration.number()))
              .isEqualTo(configuration);
        }
      }
      controllers.restart(controllers.member(down));
    }
    controllers.requireAgreement();
  }

  @Test
  void C_3_moved_slots_end_where_they_were_moved() {
    found(16);
    send(join(503), join(504));
    for (int slot = 0; slot < 16; slot++) {
      long to = slot < 8 ? 503 : 504;
      Configuration before = newest();
      boolean elsewhere = !before.ownerOf(new Slot(slot)).equals(group(to));

      ControllerAnswer answer = send(move(slot, to));

      long number = before.number();
      assertThat(answer)
          .isEqualTo(elsewhere ? new Reconfigured(number + 1) : new Unchanged(number));
      assertThat(moved(before, newest())).isEqualTo(elsewhere ? 1 : 0);
    }
    assertThat(newest().owners().subList(0, 8)).containsOnly(group(503));
    assertThat(newest().owners().subList(8, 16)).containsOnly(group(504));
    controllers.requireAgreement();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void C_4_concurrent_leave_join_while_leaders_are_killed(long seed) {
    begin(seed);
    found(16);
    List<Clerk> clerks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      long gid = 100 + 10L * i;
      clerks.add(
          new Clerk(controllers, 100 + i)
              .then(join(gid + 1000))
              .then(join(gid))
              .then(leave(gid + 1000)));
    }
    runWithLeaderKills(clerks);

    requireAllReconfigured(clerks, 3);
    requireGroups(LongStream.range(0, 10).map(i -> 100 + 10 * i).toArray());
    assertThat(newest().number()).isEqualTo(30);
    controllers.requireAgreement();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void C_5_joins_one_by_one_move_slots_to_the_newcomer_only(int slots) {
    found(slots);
    send(join(LongStream.rangeClosed(1, 10).toArray()));
    for (int gid = 11; gid <= 15; gid++) {
      Configuration before = newest();
      send(join(gid));
      Configuration after = newest();

      assertThat(slotsThatMoved(before, after))
          .hasSize(slots / gid)
          .isEqualTo(after.slotsOf(group(gid)));
      requireGroups(LongStream.rangeClosed(1, gid).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void C_6_leaves_one_by_one_move_the_slots_of_the_leaver_only(int slots) {
    found(slots);
    send(join(LongStream.rangeClosed(1, 15).toArray()));
    for (int gid = 15; gid > 10; gid--) {
      Configuration before = newest();
      send(leave(gid));

      assertThat(slotsThatMoved(before, newest())).isEqualTo(before.slotsOf(group(gid)));
      requireGroups(LongStream.range(1, gid).toArray());
    }
  }

  @Test
  void C_7_third_group_joins_and_first_leaves_with_the_fewest_moves() {
    found(16);
    send(join(1), join(2));
    Configuration two = newest();
    send(join(3));
    Configuration three = newest();

    assertThat(slotsThatMoved(two, three)).isEqualTo(three.slotsOf(group(3))).hasSize(16 / 3);
    send(leave(1));
    assertThat(slotsThatMoved(three, newest())).isEqualTo(three.slotsOf(group(1)));
    assertThat(moved(three, newest())).isLessThanOrEqualTo(16 / 3 + 1);
    requireGroups(2, 3);
  }

  @Test
  void C_8_several_groups_join_and_leave_in_one_call() {
    found(16);
    send(join(1, 2));
    requireGroups(1, 2);
    send(join(3));
    requireGroups(1, 2, 3);
    assertThat(newest().nodesOf(group(2))).isEqualTo(nodesOf(2));
    send(leave(1, 3));
    requireGroups(2);
    assertThat(newest().nodesOf(group(2))).isEqualTo(nodesOf(2));
    send(leave(2));
    requireGroups();
    assertThat(newest().number()).isEqualTo(4);
    controllers.requireAgreement();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void C_9_concurrent_joins_and_leaves_of_several_groups_while_leaders_are_killed(long seed) {
    begin(seed);
    found(16);
    List<Clerk> clerks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      long gid = 1000L + i;
      clerks.add(
          new Clerk(controllers, gid)
              .then(join(gid, gid + 1000, gid + 2000))
              .then(leave(gid + 1000, gid + 2000)));
    }
    runWithLeaderKills(clerks);

    requireAllReconfigured(clerks, 2);
    requireGroups(LongStream.range(1000, 1010).toArray());
    assertThat(newest().number()).isEqualTo(20);
    controllers.requireAgreement();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void C_10_joining_of_five_at_once_moves_no_slot_between_old_groups(int slots) {
    found(slots);
    send(join(LongStream.rangeClosed(1, 10).toArray()));
    Configuration before = newest();
    send(join(11, 12, 13, 14, 15));
    Configuration after = newest();

    assertThat(slotsThatMoved(before, after))
        .hasSize(5 * (slots / 15))
        .allSatisfy(slot -> assertThat(after.ownerOf(slot).number()).isBetween(11L, 15L));
    requireGroups(LongStream.rangeClosed(1, 15).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void C_11_leaving_of_five_at_once_moves_no_slot_between_remaining_groups(int slots) {
    found(slots);
    send(join(LongStream.rangeClosed(1, 15).toArray()));
    Configuration before = newest();
    send(leave(1, 2, 3, 4, 5));
    List<Slot> ofLeavers =
        LongStream.rangeClosed(1, 5)
            .mapToObj(gid -> before.slotsOf(group(gid)))
            .flatMap(List::stream)
            .sorted()
            .toList();

    assertThat(ofLeavers).isNotEmpty();
    assertThat(slotsThatMoved(before, newest())).isEqualTo(ofLeavers);
    requireGroups(LongStream.rangeClosed(6, 15).toArray());
  }

  @Test
  void C_12_next_leader_gives_the_same_configuration() {
    found(16);
    send(join(1, 2, 3), move(0, 3), join(4), leave(2));
    for (int round = 0; round < 6; round++) {
      Configuration before = newest();
      Member leader = controllers.awaitLeader();
      controllers.kill(leader);

      assertThat(controllers.awaitLeader().id()).isNotEqualTo(leader.id());
      assertThat(newest()).isEqualTo(before);
      controllers.restart(leader);
      send(join(10 + round));
    }
    controllers.requireAgreement();
  }

  private void begin(long seed) {
    controllers = new ControllerGroup(seed);
    clerk = new Clerk(controllers, 1);
  }

  private void found(int slots) {
    assertThat(send(new Found(Samples.rules(slots, MovementPolicy.LIVE))))
        .isEqualTo(new Reconfigured(0));
  }

  /** Sends commands one after the other, without faults, and returns the last answer. */
  private ControllerAnswer send(ControllerCommand... commands) {
    Arrays.stream(commands).forEach(clerk::then);
    run(List.of(clerk));
    return clerk.answers().get(clerk.answers().size() - 1);
  }

  private void run(List<Clerk> clerks) {
    controllers.await(
        "the answers to all commands",
        () -> {
          clerks.forEach(Clerk::tick);
          return clerks.stream().allMatch(Clerk::isDone);
        });
  }

  private void runWithLeaderKills(List<Clerk> clerks) {
    LeaderKiller killer = new LeaderKiller(controllers);
    controllers.await(
        "the answers to all commands in spite of killed leaders",
        () -> {
          killer.tick();
          clerks.forEach(Clerk::tick);
          return clerks.stream().allMatch(Clerk::isDone);
        });
    assertThat(killer.killCount()).as("killed leaders").isPositive();
  }

  private static void requireAllReconfigured(List<Clerk> clerks, int commands) {
    for (Clerk clerk : clerks) {
      assertThat(clerk.answers()).hasSize(commands).hasOnlyElementsOfType(Reconfigured.class);
    }
  }

  /** Exactly these groups, each slot with one of them, in balance. */
  private void requireGroups(long... groups) {
    Configuration newest = newest();
    List<GroupId> expected = Arrays.stream(groups).sorted().mapToObj(GroupId::new).toList();
    assertThat(newest.groups().keySet()).containsExactlyElementsOf(expected);
    assertThat(newest.owners())
        .isSubsetOf(expected.isEmpty() ? List.of(GroupId.CONTROLLER) : expected);
    assertThat(spread(newest)).isLessThanOrEqualTo(1);
  }

  private Configuration newest() {
    return controllers.newest();
  }

  private static List<Slot> slotsThatMoved(Configuration before, Configuration after) {
    List<Slot> result = new ArrayList<>();
    for (int i = 0; i < before.owners().size(); i++) {
      if (!before.owners().get(i).equals(after.owners().get(i))) {
        result.add(new Slot(i));
      }
    }
    return result;
  }
}
