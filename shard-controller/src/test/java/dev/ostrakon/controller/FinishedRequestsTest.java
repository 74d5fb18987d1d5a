package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.at;
import static dev.ostrakon.controller.Samples.client;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Refused;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.RequestId;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FinishedRequestsTest {
  private final SortedMap<RequestId, FinishedRequest> rows = new TreeMap<>();

  private final FinishedRequests.Changes changes =
      new FinishedRequests.Changes() {
        @Override
        public void remembered(RequestId id, FinishedRequest request) {
          rows.put(id, request);
        }

        @Override
        public void forgotten(RequestId id) {
          assertThat(rows.remove(id)).isNotNull();
        }
      };

  private FinishedRequests finished =
      new FinishedRequests(HybridTimestamp.ZERO, new TreeMap<>(), changes);

  @AfterEach
  void what_is_stored_is_what_is_known() {
    finished.checkInvariants();
    assertThat(rows).hasSize(finished.size());
  }

  @Test
  void answer_is_remembered_for_its_request_only() {
    finish(1, 5, 100);

    assertThat(answerOf(1, 5, 100)).contains(new Reconfigured(5));
    assertThat(answerOf(1, 4, 100)).isEmpty();
    assertThat(answerOf(1, 6, 100)).isEmpty();
    assertThat(answerOf(2, 5, 100)).isEmpty();
  }

  @Test
  void requests_as_old_as_the_floor_are_refused_whether_known_or_not() {
    finish(1, 1, 100);
    finish(1, 2, 101);
    finished.forgetThrough(at(100));

    requireForgotten(1, 1, 100);
    requireForgotten(1, 7, 100);
    assertThat(answerOf(1, 2, 101)).contains(new Reconfigured(2));
    assertThat(answerOf(1, 7, 101)).isEmpty();
  }

  @Test
  void floor_never_goes_back() {
    finished.forgetThrough(at(100));
    finished.forgetThrough(at(50));

    assertThat(finished.floor()).isEqualTo(at(100));
  }

  @Test
  void acknowledged_requests_are_never_carried_out_again() {
    finish(1, 1, 100);
    finish(1, 2, 101);
    finish(1, 4, 103);
    acknowledge(1, 5, 104, 3);

    requireForgotten(1, 1, 100);
    requireForgotten(1, 2, 101);
    requireForgotten(1, 3, 102);
    assertThat(answerOf(1, 4, 103)).contains(new Reconfigured(4));
    assertThat(answerOf(1, 5, 104)).isEmpty();
    assertThat(answerOf(2, 1, 100)).isEmpty();
    assertThat(finished.size()).isEqualTo(2);
  }

  @Test
  void late_acknowledgement_changes_nothing() {
    finish(1, 1, 100);
    acknowledge(1, 9, 104, 8);
    acknowledge(1, 3, 102, 2);

    requireForgotten(1, 8, 103);
    assertThat(finished.size()).isEqualTo(1);
  }

  @Test
  void acknowledgement_is_kept_until_all_that_it_stands_for_is_below_the_floor() {
    finish(1, 1, 100);
    acknowledge(1, 3, 90, 2);
    finished.forgetThrough(at(99));

    assertThat(finished.size()).isEqualTo(1);
    finished.forgetThrough(at(100));
    assertThat(finished.size()).isZero();
    requireForgotten(1, 1, 100);
  }

  @Test
  void full_memory_forgets_the_oldest_and_refuses_what_is_as_old() {
    for (int sequence = 1; sequence <= 10; sequence++) {
      finish(sequence % 3, sequence, 100 + sequence);
    }
    finished.keepAtMost(4);

    assertThat(finished.size()).isEqualTo(4);
    requireForgotten(6 % 3, 6, 106);
    assertThat(answerOf(7 % 3, 7, 107)).contains(new Reconfigured(7));
  }

  @Test
  void everything_is_known_again_from_what_was_stored() {
    finish(1, 1, 100);
    finish(1, 4, 103);
    finish(2, 1, 101);
    acknowledge(1, 5, 104, 2);
    finished = new FinishedRequests(finished.floor(), new TreeMap<>(rows), changes);

    requireForgotten(1, 1, 100);
    assertThat(answerOf(1, 4, 103)).contains(new Reconfigured(4));
    finished.keepAtMost(2);
    requireForgotten(2, 1, 101);
  }

  @Test
  void of_a_clients_acknowledgement_only_earlier_requests_count() {
    RequestId id = new RequestId(client(1), 5);
    Rebalance command = new Rebalance();

    assertThat(ControllerRequest.of(id, at(1), Acknowledgement.upTo(3), command))
        .isEqualTo(new ControllerRequest(id, at(1), 3, command));
    assertThat(ControllerRequest.of(id, at(1), Acknowledgement.upTo(9), command))
        .isEqualTo(new ControllerRequest(id, at(1), 4, command));
  }

  private void finish(long client, long sequence, long issuedAt) {
    finished.remember(request(client, sequence, issuedAt, 0), new Reconfigured(sequence));
  }

  private void acknowledge(long client, long sequence, long issuedAt, long through) {
    finished.acknowledge(request(client, sequence, issuedAt, through));
  }

  private Optional<ControllerAnswer> answerOf(long client, long sequence, long issuedAt) {
    return finished.answerOf(request(client, sequence, issuedAt, 0));
  }

  private void requireForgotten(long client, long sequence, long issuedAt) {
    assertThat(answerOf(client, sequence, issuedAt))
        .hasValueSatisfying(
            answer ->
                assertThat(((Refused) answer).refusal().reason())
                    .isEqualTo(Reason.OUTCOME_FORGOTTEN));
  }

  private static ControllerRequest request(
      long client, long sequence, long issuedAt, long acknowledged) {
    return new ControllerRequest(
        new RequestId(client(client), sequence), at(issuedAt), acknowledged, new Rebalance());
  }
}
