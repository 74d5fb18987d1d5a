package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.at;
import static dev.ostrakon.controller.Samples.client;
import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.join;
import static dev.ostrakon.controller.Samples.leave;
import static dev.ostrakon.controller.Samples.move;
import static dev.ostrakon.controller.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Refused;
import dev.ostrakon.controller.ControllerAnswer.Unchanged;
import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.controller.SingleController.Expected;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerStateMachineTest {
  private static final ControllerRules LIVE = Samples.LIVE_16;

  private final SingleController controller = SingleController.founded(LIVE);

  @Test
  void founding_makes_configuration_zero() {
    SingleController fresh = SingleController.unfounded();

    assertThat(fresh.send(new Found(LIVE))).isEqualTo(new Reconfigured(0));
    assertThat(fresh.newest()).isEqualTo(Configuration.initial(LIVE.slots()));
    assertThat(fresh.machine().rules()).contains(LIVE);
  }

  @Test
  void before_founding_everything_is_refused_and_nothing_is_stored() {
    SingleController fresh = SingleController.unfounded();

    assertThat(reasonOf(fresh.send(join(1)))).isEqualTo(Reason.NOT_FOUNDED);
    assertThat(reasonOf(fresh.query(-1))).isEqualTo(Reason.NOT_FOUNDED);
    assertThat(fresh.rows()).isEmpty();
    assertThat(fresh.machine().newestConfiguration()).isEmpty();
  }

  @Test
  void answers_tell_new_configurations_from_unchanged_ones() {
    assertThat(controller.send(join(1, 2))).isEqualTo(new Reconfigured(1));
    assertThat(controller.send(move(0, 1))).isEqualTo(new Unchanged(1));
    assertThat(controller.send(new Rebalance())).isEqualTo(new Unchanged(1));
    assertThat(controller.send(new PermitMovement(MovementPolicy.INITIAL_ONLY)))
        .isEqualTo(new Unchanged(1));
    assertThat(reasonOf(controller.send(leave(1)))).isEqualTo(Reason.MOVEMENT_NOT_AVAILABLE);
    assertThat(controller.machine().rules())
        .contains(LIVE.withMovement(MovementPolicy.INITIAL_ONLY));
  }

  @Test
  void duplicates_get_the_same_answer_and_have_no_effect() {
    ControllerRequest joining = request(5, 1, controller.now(), join(1));
    ControllerAnswer first = controller.send(joining);
    controller.send(leave(1));

    assertThat(controller.send(joining)).isEqualTo(first).isEqualTo(new Reconfigured(1));
    assertThat(controller.newest().groups()).isEmpty();
  }

  @Test
  void duplicate_of_a_refused_request_stays_refused() {
    ControllerRequest leaving = request(5, 1, controller.now(), leave(1));
    ControllerAnswer first = controller.send(leaving);
    controller.send(join(1));

    assertThat(reasonOf(first)).isEqualTo(Reason.UNKNOWN_GROUP);
    assertThat(controller.send(leaving)).isEqualTo(first);
    assertThat(controller.newest().groups()).hasSize(1);
  }

  @Test
  void another_command_under_a_used_id_is_refused_and_not_answered_with_the_firsts_success() {
    ControllerRequest joining = request(5, 1, controller.now(), join(1));
    ControllerAnswer first = controller.send(joining);
    ControllerRequest other = request(5, 1, controller.now(), leave(1));

    assertThat(reasonOf(controller.send(other))).isEqualTo(Reason.REQUEST_REUSED);
    assertThat(controller.newest().groups()).hasSize(1);
    controller.checkpoint();
    controller.restart();
    controller.settle();
    assertThat(reasonOf(controller.send(other))).isEqualTo(Reason.REQUEST_REUSED);
    assertThat(controller.send(joining)).isEqualTo(first);
  }

  @Test
  void entry_of_a_newer_version_is_not_readable_and_bytes_that_are_no_entry_are() {
    ControllerStateMachine machine = controller.machine();
    Bytes known =
        EntryCodec.encode(
            new ControllerEntry(at(1), request(5, 1, controller.now(), new Rebalance())));

    assertThat(machine.isReadable(known)).isTrue();
    assertThat(machine.isReadable(Bytes.wrap(new byte[] {'C', 2, 0}))).isFalse();
    assertThat(machine.isReadable(Bytes.wrap(new byte[] {'C', (byte) 200}))).isFalse();
    assertThat(machine.isReadable(Bytes.wrap(new byte[] {'X', 9}))).isTrue();
    assertThat(machine.isReadable(Bytes.EMPTY)).isTrue();
  }

  @Test
  void duplicate_older_than_the_window_is_refused() {
    ControllerRequest joining = request(5, 1, controller.now(), join(1));
    controller.send(joining);
    controller.passMillis(LIVE.windowMillis());
    controller.send(leave(1));

    assertThat(reasonOf(controller.send(joining))).isEqualTo(Reason.OUTCOME_FORGOTTEN);
    assertThat(controller.newest().groups()).isEmpty();
  }

  @Test
  void duplicate_within_the_window_is_known_to_the_last_millisecond() {
    ControllerRequest joining = request(5, 1, controller.now(), join(1));
    controller.send(joining);
    controller.passMillis(LIVE.windowMillis() - 1);

    assertThat(controller.send(joining)).isEqualTo(new Reconfigured(1));
  }

  @Test
  void acknowledged_answers_leave_the_store() {
    controller.send(request(5, 1, controller.now(), join(1)));
    controller.send(request(5, 2, controller.now(), join(2)));
    int before = controller.rows().size();

    controller.send(
        new ControllerRequest(new RequestId(client(5), 3), controller.now(), 2, new Rebalance()));

    // Two answers made way for one acknowledgement; the third answer came.
    assertThat(controller.rows()).hasSize(before);
    assertThat(reasonOf(controller.send(request(5, 1, controller.now(), join(9)))))
        .isEqualTo(Reason.OUTCOME_FORGOTTEN);
  }

  @Test
  void memory_of_answers_is_bounded() {
    ControllerRules small = new ControllerRules(LIVE.slots(), LIVE.movement(), 60_000, 10, 99, 3);
    SingleController bounded = SingleController.founded(small);
    int rowsWithoutAnswers = bounded.rows().size() - 1;
    for (int client = 0; client < 100; client++) {
      bounded.passMillis(1);
      bounded.send(request(client, 1, bounded.now(), new Rebalance()));
    }

    assertThat(bounded.rows()).hasSize(rowsWithoutAnswers + 10);
  }

  @Test
  void clock_never_goes_back() {
    controller.send(request(5, 1, controller.now(), join(1)));
    ControllerEntry late = new ControllerEntry(at(5), request(5, 2, controller.now(), join(2)));

    assertThat(controller.sendBytes(EntryCodec.encode(late))).isEqualTo(new Reconfigured(2));
    assertThat(controller.machine().clock()).isEqualTo(controller.now());
  }

  @Test
  void every_configuration_there_ever_was_can_be_queried() {
    List<Configuration> expected = new ArrayList<>(List.of(controller.newest()));
    controller.send(join(1, 2));
    expected.add(controller.newest());
    for (int i = 0; i < 3 * ConfigurationFormat.WHOLE_INTERVAL; i++) {
      controller.send(move(i % 16, 1 + (i / 16 + 1) % 2));
      if (controller.newest().number() == expected.size()) {
        expected.add(controller.newest());
      }
    }

    assertThat(expected).hasSizeGreaterThan(2 * ConfigurationFormat.WHOLE_INTERVAL);
    for (Configuration configuration : expected) {
      assertThat(controller.configuration(configuration.number())).isEqualTo(configuration);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 1000, Long.MAX_VALUE, -2, Long.MIN_VALUE})
  void query_of_a_number_that_does_not_exist_is_refused(long number) {
    controller.send(join(1));

    QueryAnswer answer = controller.query(number);

    assertThat(reasonOf(answer)).isEqualTo(Reason.UNKNOWN_CONFIGURATION);
    assertThat(((QueryAnswer.Refused) answer).refusal().detail())
        .isEqualTo(
            "configurations are numbered from 0 to 1 (-1 stands for the newest), was " + number);
  }

  @Test
  void restart_brings_everything_back() {
    ControllerRequest joining = request(5, 1, controller.now(), join(1, 2));
    controller.send(joining);
    controller.send(move(8, 1));
    controller.send(leave(7));
    Configuration newest = controller.newest();
    List<Configuration> older = List.of(controller.configuration(0), controller.configuration(1));
    controller.checkpoint();
    controller.restart();

    assertThat(controller.newest()).isEqualTo(newest);
    assertThat(List.of(controller.configuration(0), controller.configuration(1))).isEqualTo(older);
    assertThat(controller.send(joining)).isEqualTo(new Reconfigured(1));
    assertThat(controller.machine().rules()).contains(LIVE);
    assertThat(controller.machine().clock()).isEqualTo(controller.now());
    // The slot that was moved by hand is still known as such.
    controller.send(new Rebalance());
    assertThat(controller.newest().slotsOf(group(1)).toString()).contains("slot 8");
    assertThat(controller.failures()).isEmpty();
  }

  @Test
  void entries_and_queries_wait_until_the_state_is_read() {
    controller.send(join(1));
    controller.checkpoint();
    controller.restart();
    Expected<QueryAnswer> query = new Expected<>();
    controller.machine().query(ConfigurationQuery.of(-1), query);

    // Applied before the store had a turn to answer.
    assertThat(controller.send(join(2))).isEqualTo(new Reconfigured(2));
    assertThat(query.value()).isPresent();
  }

  @Test
  void waiting_queries_are_bounded() {
    controller.send(join(1));
    List<Expected<QueryAnswer>> queries = new ArrayList<>();
    for (int i = 0; i <= ControllerStateMachine.WAITING_QUERIES_MAX; i++) {
      queries.add(new Expected<>());
      controller.machine().query(ConfigurationQuery.of(0), queries.get(i));
    }

    Expected<QueryAnswer> last = queries.remove(queries.size() - 1);
    assertThat(reasonOf(last.value().orElseThrow())).isEqualTo(Reason.OVERLOADED);
    controller.settle();
    assertThat(queries)
        .allSatisfy(
            query -> assertThat(query.value().orElseThrow()).isInstanceOf(QueryAnswer.Found.class));
    assertThat(controller.configuration(0).number()).isZero();
  }

  @Test
  void bytes_that_are_no_entry_are_refused_and_change_nothing() {
    controller.send(join(1));
    List<Row> before = controller.rows();

    ControllerAnswer answer = controller.sendBytes(Bytes.utf8("C\u0001 what is this?"));

    assertThat(reasonOf(answer)).isEqualTo(Reason.MALFORMED);
    assertThat(reasonOf(controller.sendBytes(Bytes.EMPTY))).isEqualTo(Reason.MALFORMED);
    assertThat(reasonOf(controller.sendBytes(Bytes.utf8("zzz")))).isEqualTo(Reason.MALFORMED);
    assertThat(controller.rows()).isEqualTo(before);
    assertThat(controller.failures()).isEmpty();
  }

  @Test
  void entry_of_a_newer_format_stops_the_replica() {
    byte[] newer =
        EntryCodec.encode(
                new ControllerEntry(controller.now(), request(5, 1, controller.now(), join(1))))
            .toByteArray();
    newer[1] = 2;

    assertThat(controller.applyBytes(Bytes.wrap(newer))).isEmpty();

    assertThat(controller.failures())
        .singleElement()
        .extracting(StorageException::reason)
        .isEqualTo(StorageException.Reason.NEWER_FORMAT);
  }

  @Test
  void state_that_cannot_be_read_stops_the_replica() {
    requireFailureAfterRestart(Bytes.utf8("\u0001nonsense"), StorageException.Reason.CORRUPT);
  }

  @Test
  void state_of_a_newer_format_stops_the_replica() {
    requireFailureAfterRestart(Bytes.utf8("\u0002"), StorageException.Reason.NEWER_FORMAT);
  }

  private void requireFailureAfterRestart(Bytes head, StorageException.Reason expected) {
    controller.store().put(StateRows.HEAD_KEY, head);
    controller.checkpoint();
    controller.restart();
    controller.settle();

    assertThat(controller.failures())
        .singleElement()
        .extracting(StorageException::reason)
        .isEqualTo(expected);
    assertThat(controller.machine().newestConfiguration()).isEmpty();
  }

  @Test
  void missing_configuration_is_a_failure_of_the_storage() {
    controller.send(join(1));
    controller.send(join(2));
    controller.store().delete(StateRows.configurationKey(0));
    Expected<QueryAnswer> query = new Expected<>();

    controller.machine().query(ConfigurationQuery.of(1), query);
    controller.settle();

    assertThat(query.value()).isEmpty();
    assertThat(query.failures())
        .singleElement()
        .extracting(StorageException::reason)
        .isEqualTo(StorageException.Reason.CORRUPT);
    assertThat(controller.failures()).isEqualTo(query.failures());
  }

  private static Reason reasonOf(ControllerAnswer answer) {
    assertThat(answer).isInstanceOf(Refused.class);
    return ((Refused) answer).refusal().reason();
  }

  private static Reason reasonOf(QueryAnswer answer) {
    assertThat(answer).isInstanceOf(QueryAnswer.Refused.class);
    return ((QueryAnswer.Refused) answer).refusal().reason();
  }
}
