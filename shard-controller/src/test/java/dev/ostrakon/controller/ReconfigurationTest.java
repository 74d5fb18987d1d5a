package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.join;
import static dev.ostrakon.controller.Samples.leave;
import static dev.ostrakon.controller.Samples.move;
import static dev.ostrakon.controller.Samples.moved;
import static dev.ostrakon.controller.Samples.nodes;
import static dev.ostrakon.controller.Samples.spread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReconfigurationTest {
  private static final ControllerRules LIVE = Samples.LIVE_16;
  private static final ControllerRules INITIAL_ONLY =
      LIVE.withMovement(MovementPolicy.INITIAL_ONLY);

  @Test
  void joining_groups_share_all_slots_and_keep_the_order_of_their_nodes() {
    Configuration configuration =
        after(LIVE, Join.of(Map.of(group(3), nodes("c", "a", "b"), group(9), nodes("d"))));

    assertThat(configuration.number()).isEqualTo(1);
    assertThat(configuration.nodesOf(group(3))).isEqualTo(nodes("c", "a", "b"));
    assertThat(configuration.slotCounts()).isEqualTo(Map.of(group(3), 8, group(9), 8));
  }

  @Test
  void duplicate_join_is_refused_as_a_whole() {
    Founded founded = founded(LIVE, join(1, 2));

    ControllerRefusal refusal = refusalOf(founded, join(2, 3));

    assertThat(refusal.reason()).isEqualTo(Reason.GROUP_EXISTS);
    assertThat(refusal.detail()).contains("g2", "configuration 1", "x2, y2, z2", "leave before");
  }

  @Test
  void unknown_group_cannot_leave() {
    ControllerRefusal refusal = refusalOf(founded(LIVE, join(1, 2)), leave(1, 7));

    assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_GROUP);
    assertThat(refusal.detail()).isEqualTo("g7 is not in configuration 1, whose groups are g1, g2");
  }

  @Test
  void long_lists_of_groups_are_cut() {
    Founded founded = founded(LIVE, join(LongStream.rangeClosed(1, 100).toArray()));

    assertThat(refusalOf(founded, leave(101)).detail()).endsWith("g8 and 92 more");
  }

  @Test
  void move_to_an_unknown_group_is_refused() {
    assertThat(refusalOf(founded(LIVE, join(1)), move(3, 2)).reason())
        .isEqualTo(Reason.UNKNOWN_GROUP);
  }

  @Test
  void move_of_an_unknown_slot_is_refused() {
    ControllerRefusal refusal = refusalOf(founded(LIVE, join(1)), move(16, 1));

    assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_SLOT);
    assertThat(refusal.detail()).isEqualTo("slots are numbered from 0 to 15, was 16");
  }

  @Test
  void group_without_nodes_cannot_join() {
    ControllerRefusal refusal = refusalOf(founded(LIVE), Join.of(Map.of(group(1), List.of())));

    assertThat(refusal.reason()).isEqualTo(Reason.NO_NODES);
  }

  @Test
  void node_named_twice_in_a_group_is_refused() {
    ControllerRefusal refusal =
        refusalOf(founded(LIVE), Join.of(Map.of(group(1), nodes("a", "b", "a"))));

    assertThat(refusal.reason()).isEqualTo(Reason.DUPLICATE_NODE);
    assertThat(refusal.detail()).contains("node a");
  }

  @Test
  void node_may_be_in_many_groups() {
    Configuration configuration =
        after(LIVE, Join.of(Map.of(group(1), nodes("a", "b"), group(2), nodes("b", "a"))));

    assertThat(configuration.groups()).hasSize(2);
  }

  @Test
  void group_of_the_controller_is_reserved() {
    Founded founded = founded(LIVE, join(1));

    assertThat(refusalOf(founded, join(0)).reason()).isEqualTo(Reason.RESERVED_GROUP);
    assertThat(refusalOf(founded, leave(0)).reason()).isEqualTo(Reason.RESERVED_GROUP);
    assertThat(refusalOf(founded, move(0, 0)).reason()).isEqualTo(Reason.RESERVED_GROUP);
  }

  @Test
  void too_many_groups_or_nodes_are_refused() {
    ControllerRules small = new ControllerRules(LIVE.slots(), LIVE.movement(), 1000, 10, 2, 3);
    List<NodeId> four = nodes("a", "b", "c", "d");

    assertThat(refusalOf(founded(small, join(1)), join(2, 3)).reason())
        .isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refusalOf(founded(small), Join.of(Map.of(group(1), four))).detail())
        .isEqualTo("a group has at most nodesPerGroupMax=3 nodes, g1 has 4");
  }

  @Test
  void what_changes_nothing_makes_no_configuration() {
    Founded founded = founded(LIVE, join(1, 2));

    assertThat(accepted(founded, join())).isSameAs(founded);
    assertThat(accepted(founded, leave())).isSameAs(founded);
    assertThat(accepted(founded, new Rebalance())).isSameAs(founded);
    assertThat(accepted(founded, move(0, 1))).isSameAs(founded);
  }

  @Test
  void group_may_come_back_with_other_nodes() {
    Configuration configuration =
        after(LIVE, join(1, 2), leave(1), Join.of(Map.of(group(1), nodes("new"))));

    assertThat(configuration.number()).isEqualTo(3);
    assertThat(configuration.nodesOf(group(1))).isEqualTo(nodes("new"));
    assertThat(configuration.slotCounts()).isEqualTo(Map.of(group(1), 8, group(2), 8));
  }

  @Test
  void last_groups_may_leave_and_others_come() {
    Configuration configuration = after(LIVE, join(1, 2), leave(1, 2), join(3));

    assertThat(configuration.slotCounts()).isEqualTo(Map.of(group(3), 16));
  }

  @Test
  void move_changes_one_slot_only() {
    Configuration before = after(LIVE, join(1, 2));
    Configuration after = after(LIVE, join(1, 2), move(15, 1));

    assertThat(moved(before, after)).isEqualTo(1);
    assertThat(after.ownerOf(new Slot(15))).isEqualTo(group(1));
    assertThat(after.number()).isEqualTo(2);
  }

  @Test
  void rebalance_after_moves_moves_back_no_more_than_it_must() {
    Founded lopsided = founded(LIVE, join(1, 2), move(8, 1), move(9, 1), move(10, 1));

    Configuration balanced = accepted(lopsided, new Rebalance()).assignment().configuration();

    assertThat(spread(balanced)).isZero();
    assertThat(moved(lopsided.assignment().configuration(), balanced)).isEqualTo(3);
    // The slots placed by hand stay; three others go.
    assertThat(IntStream.of(8, 9, 10).mapToObj(slot -> balanced.ownerOf(new Slot(slot))))
        .containsOnly(group(1));
  }

  @Test
  void later_joins_keep_what_was_moved_by_hand() {
    Configuration configuration = after(LIVE, join(1, 2), move(12, 1), move(13, 1), join(3, 4));

    assertThat(configuration.slotCounts().values()).containsOnly(4);
    assertThat(configuration.ownerOf(new Slot(12))).isEqualTo(group(1));
    assertThat(configuration.ownerOf(new Slot(13))).isEqualTo(group(1));
  }

  @Test
  void slot_that_balance_took_away_is_no_longer_kept_for_anybody() {
    // All of group 1 is placed by hand, so that the third group must get two of these slots.
    List<ControllerCommand> commands = new ArrayList<>(List.of(join(1, 2)));
    IntStream.range(0, 8).forEach(slot -> commands.add(move(slot, 2)));
    IntStream.range(0, 8).forEach(slot -> commands.add(move(slot, 1)));
    commands.add(join(3));

    Founded founded = founded(LIVE, commands.toArray(ControllerCommand[]::new));

    Configuration configuration = founded.assignment().configuration();
    assertThat(founded.assignment().pinned())
        .isNotEmpty()
        .allSatisfy(slot -> assertThat(configuration.ownerOf(slot)).isEqualTo(group(1)));
    assertThat(founded.assignment().pinned()).hasSize(configuration.slotsOf(group(1)).size());
  }

  @Test
  void without_live_movement_the_first_assignment_is_all_there_is() {
    Founded founded = founded(INITIAL_ONLY, join(1, 2));

    for (ControllerCommand command : List.of(join(3), leave(1), leave(1, 2), move(0, 2))) {
      ControllerRefusal refusal = refusalOf(founded, command);
      assertThat(refusal.reason()).isEqualTo(Reason.MOVEMENT_NOT_AVAILABLE);
      assertThat(refusal.detail()).contains("of 16 slots", "INITIAL_ONLY");
    }
  }

  @Test
  void without_live_movement_groups_without_slots_may_come_and_go() {
    Founded full = founded(INITIAL_ONLY, join(LongStream.rangeClosed(1, 16).toArray()));

    Founded joined = accepted(full, join(17));
    Founded left = accepted(joined, leave(17));

    assertThat(moved(configurationOf(full), configurationOf(joined))).isZero();
    assertThat(configurationOf(left).number()).isEqualTo(3);
  }

  @Test
  void permission_to_move_is_given_by_command() {
    Founded founded = founded(INITIAL_ONLY, join(1), new PermitMovement(MovementPolicy.LIVE));

    assertThat(configurationOf(founded).number()).isEqualTo(1);
    assertThat(configurationOf(accepted(founded, join(2))).slotCounts().values()).containsOnly(8);
  }

  @Test
  void nothing_happens_before_the_group_is_founded() {
    Decision decision = Reconfiguration.decide(Optional.empty(), join(1));

    assertThat(decision).isInstanceOf(Decision.Refused.class);
    assertThat(((Decision.Refused) decision).refusal().reason()).isEqualTo(Reason.NOT_FOUNDED);
  }

  @Test
  void founding_again_is_harmless_with_the_same_rules_and_refused_with_others() {
    Founded founded = founded(LIVE, join(1));

    assertThat(accepted(founded, new Found(LIVE))).isSameAs(founded);
    assertThat(refusalOf(founded, new Found(INITIAL_ONLY)).reason())
        .isEqualTo(Reason.ALREADY_FOUNDED);
  }

  private static Configuration after(ControllerRules rules, ControllerCommand... commands) {
    return configurationOf(founded(rules, commands));
  }

  private static Configuration configurationOf(Founded founded) {
    return founded.assignment().configuration();
  }

  private static Founded founded(ControllerRules rules, ControllerCommand... commands) {
    Founded founded = new Founded(rules, Assignment.initial(rules));
    for (ControllerCommand command : commands) {
      founded = accepted(founded, command);
    }
    return founded;
  }

  private static Founded accepted(Founded before, ControllerCommand command) {
    Decision decision = Reconfiguration.decide(Optional.of(before), command);
    assertThat(decision).as("%s", command).isInstanceOf(Decision.Accepted.class);
    return ((Decision.Accepted) decision).next();
  }

  private static ControllerRefusal refusalOf(Founded before, ControllerCommand command) {
    Decision decision = Reconfiguration.decide(Optional.of(before), command);
    assertThat(decision).as("%s", command).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused) decision).refusal();
  }
}
