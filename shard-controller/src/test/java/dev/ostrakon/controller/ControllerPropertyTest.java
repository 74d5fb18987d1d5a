package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.moved;
import static dev.ostrakon.controller.Samples.spread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.Leave;
import dev.ostrakon.controller.ControllerCommand.Move;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.replica.StateStore.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds after any sequence of commands. */
class ControllerPropertyTest {
  @Property(tries = 300)
  void every_command_has_exactly_its_effect(@ForAll("histories") List<ControllerCommand> commands) {
    SingleController controller = SingleController.founded(Samples.LIVE_16);
    SortedMap<GroupId, List<NodeId>> members = new TreeMap<>();
    for (ControllerCommand command : commands) {
      Configuration before = controller.newest();
      boolean changed = controller.send(command) instanceof Reconfigured;
      Configuration after = controller.newest();

      assertThat(after.number()).isEqualTo(before.number() + (changed ? 1 : 0));
      if (changed) {
        applyTo(members, command);
        requireEffect(command, before, after);
      } else {
        assertThat(after).isEqualTo(before);
      }
      assertThat(after.groups()).isEqualTo(members);
    }
  }

  private static void applyTo(SortedMap<GroupId, List<NodeId>> members, ControllerCommand command) {
    if (command instanceof Join join) {
      members.putAll(join.groups());
    } else if (command instanceof Leave leave) {
      members.keySet().removeAll(leave.groups());
    }
  }

  private static void requireEffect(
      ControllerCommand command, Configuration before, Configuration after) {
    if (command instanceof Move move) {
      assertThat(moved(before, after)).isEqualTo(1);
      assertThat(after.ownerOf(move.slot())).isEqualTo(move.group());
    } else {
      assertThat(spread(after)).isLessThanOrEqualTo(1);
      assertThat(moved(before, after)).isEqualTo(fewestMoves(before, after.groups().keySet()));
    }
  }

  /**
   * Every group keeps what fits its share, and the larger shares go to those who hold most: with
   * shares sorted like holdings, no exchange of two shares keeps more.
   */
  private static int fewestMoves(Configuration before, Collection<GroupId> groups) {
    int slots = before.owners().size();
    if (groups.isEmpty()) {
      return slots;
    }
    List<Integer> held =
        groups.stream()
            .map(group -> before.slotsOf(group).size())
            .sorted(Comparator.reverseOrder())
            .toList();
    int kept = 0;
    for (int i = 0; i < held.size(); i++) {
      kept += Math.min(held.get(i), slots / held.size() + (i < slots % held.size() ? 1 : 0));
    }
    return slots - kept;
  }

  @Property(tries = 100)
  void without_live_movement_no_slot_ever_leaves_its_first_owner(
      @ForAll("histories") List<ControllerCommand> commands) {
    SingleController controller =
        SingleController.founded(Samples.rules(16, MovementPolicy.INITIAL_ONLY));
    for (ControllerCommand command : commands) {
      Configuration before = controller.newest();
      controller.send(command);
      if (!before.groups().isEmpty()) {
        assertThat(controller.newest().owners()).isEqualTo(before.owners());
      }
    }
  }

  @Property(tries = 20)
  void ten_runs_store_the_same_bytes(@ForAll("histories") List<ControllerCommand> commands) {
    List<List<Row>> runs = new ArrayList<>();
    for (int run = 0; run < 10; run++) {
      SingleController controller =
          SingleController.founded(Samples.rules(128, MovementPolicy.LIVE));
      commands.forEach(controller::send);
      runs.add(controller.rows());
    }

    assertThat(runs).containsOnly(runs.get(0));
  }

  @Property(tries = 50)
  void restarts_make_no_difference(@ForAll("histories") List<ControllerCommand> commands) {
    SingleController steady = SingleController.founded(Samples.LIVE_16);
    SingleController restarted = SingleController.founded(Samples.LIVE_16);
    for (ControllerCommand command : commands) {
      restarted.checkpoint();
      restarted.restart();

      assertThat(restarted.send(command)).isEqualTo(steady.send(command));
    }
    assertThat(restarted.rows()).isEqualTo(steady.rows());
    assertThat(restarted.failures()).isEmpty();
  }

  @Property(tries = 50)
  void all_configurations_stay_as_they_were(@ForAll("histories") List<ControllerCommand> commands) {
    SingleController controller = SingleController.founded(Samples.LIVE_16);
    List<Configuration> seen = new ArrayList<>(List.of(controller.newest()));
    for (ControllerCommand command : commands) {
      if (controller.send(command) instanceof Reconfigured) {
        seen.add(controller.newest());
      }
    }

    for (int number = 0; number < seen.size(); number++) {
      assertThat(controller.configuration(number)).isEqualTo(seen.get(number));
    }
  }

  @Provide
  Arbitrary<List<ControllerCommand>> histories() {
    return CommandArbitraries.reconfigurations().list().ofMaxSize(40);
  }
}
