package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.RequestId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Requests that arrive any number of times, in any order, with acknowledgements in between. */
class FinishedRequestsPropertyTest {
  private static final int RECORDS_MAX = 12;

  /**
   * One arrival.
   *
   * @param acknowledged a number that stands for one of the sequences below the request's
   * @param windowMillis how far the floor lies behind the newest request at that moment
   */
  record Arrival(long client, long sequence, long acknowledged, long windowMillis) {
    ControllerRequest request() {
      return new ControllerRequest(
          new RequestId(Samples.client(client), sequence),
          at(100 * sequence + client),
          acknowledged % sequence,
          new Rebalance());
    }
  }

  /** What the state machine does around the memory, with a copy of what it stores. */
  private static final class Executor implements FinishedRequests.Changes {
    private final SortedMap<RequestId, FinishedRequest> rows = new TreeMap<>();
    private final SortedMap<RequestId, ControllerAnswer> firstAnswers = new TreeMap<>();
    private FinishedRequests finished =
        new FinishedRequests(HybridTimestamp.ZERO, new TreeMap<>(), this);

    void arrive(Arrival arrival) {
      ControllerRequest request = arrival.request();
      finished.acknowledge(request);
      Optional<ControllerAnswer> known = finished.answerOf(request);
      if (known.isEmpty()) {
        ControllerAnswer answer = new Reconfigured(firstAnswers.size());
        assertThat(firstAnswers.put(request.id(), answer)).as("carried out before").isNull();
        finished.remember(request, answer);
      } else if (known.get() instanceof Reconfigured) {
        assertThat(known).contains(firstAnswers.get(request.id()));
      }
      finished.keepAtMost(RECORDS_MAX);
      long newest = request.issuedAt().wallMillis();
      finished.forgetThrough(at(Math.max(0, newest - arrival.windowMillis())));
      finished.checkInvariants();
      assertThat(rows).hasSize(finished.size()).hasSizeLessThanOrEqualTo(RECORDS_MAX);
    }

    void restart() {
      finished = new FinishedRequests(finished.floor(), new TreeMap<>(rows), this);
    }

    @Override
    public void remembered(RequestId id, FinishedRequest request) {
      rows.put(id, request);
    }

    @Override
    public void forgotten(RequestId id) {
      assertThat(rows.remove(id)).as("forgotten twice").isNotNull();
    }
  }

  @Property
  void nothing_is_carried_out_twice(@ForAll("arrivals") List<Arrival> arrivals) {
    Executor executor = new Executor();
    arrivals.forEach(executor::arrive);

    assertThat(executor.firstAnswers.size()).isPositive();
  }

  @Property
  void what_is_stored_gives_the_same_answers(@ForAll("arrivals") List<Arrival> arrivals) {
    Executor steady = new Executor();
    Executor restarted = new Executor();
    for (Arrival arrival : arrivals) {
      steady.arrive(arrival);
      restarted.restart();
      restarted.arrive(arrival);

      assertThat(restarted.rows).isEqualTo(steady.rows);
    }
    assertThat(restarted.firstAnswers).isEqualTo(steady.firstAnswers);
  }

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    Arbitrary<Long> window = Arbitraries.longs().between(0, 2000);
    return Combinators.combine(
            Arbitraries.longs().between(1, 3),
            Arbitraries.longs().between(1, 20),
            Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0L)), Tuple.of(1, Arbitraries.longs().between(0, 20))),
            window)
        .as(Arrival::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }
}
