package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.Observation.Observed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Some nodes that exchange messages, each with a hybrid clock over a physical clock of its own, and
 * the events that they went through, each with a vector clock that knows what happened before.
 */
final class Execution {
  /**
   * One thing that happens at a node: a message from the peer arrives if one is under way and
   * {@code receive} is set; else one leaves for the peer, or, if the peer is the node itself, the
   * event is local.
   *
   * @param millis how far all physical clocks move before it
   */
  record Step(int node, int peer, boolean receive, int millis) {}

  /** What was recorded of one event; {@code vector} counts the known events of each node. */
  record Event(int node, List<Integer> vector, HybridTimestamp timestamp, long physicalMillis) {
    boolean happenedBefore(Event other) {
      return !equals(other) && vector.get(node) <= other.vector.get(node);
    }
  }

  private static final long START_MILLIS = 1_000_000;

  private final List<ManualClock> physicalClocks = new ArrayList<>();
  private final List<HybridLogicalClock> clocks = new ArrayList<>();
  private final List<List<Integer>> vectors = new ArrayList<>();
  private final List<List<Deque<Event>>> underWay = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  private Execution(List<Integer> skewsMillis) {
    for (int skew : skewsMillis) {
      ManualClock physicalClock = new ManualClock(START_MILLIS + skew);
      physicalClocks.add(physicalClock);
      clocks.add(new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS));
      vectors.add(new ArrayList<>(skewsMillis.stream().map(node -> 0).toList()));
      List<Deque<Event>> inboxes = new ArrayList<>();
      skewsMillis.forEach(peer -> inboxes.add(new ArrayDeque<>()));
      underWay.add(inboxes);
    }
  }

  /** Runs the steps on one node per skew; a skew is how far that node's physical clock is ahead. */
  static List<Event> run(List<Integer> skewsMillis, List<Step> steps) {
    Execution execution = new Execution(skewsMillis);
    steps.forEach(execution::take);
    return execution.events;
  }

  private void take(Step step) {
    physicalClocks.forEach(clock -> clock.advance(step.millis()));
    Event message = step.receive() ? underWay.get(step.node()).get(step.peer()).poll() : null;
    HybridTimestamp timestamp;
    if (message == null) {
      timestamp = clocks.get(step.node()).now();
    } else {
      Observation observation = clocks.get(step.node()).observe(message.timestamp());
      assertThat(observation).isInstanceOf(Observed.class);
      timestamp = ((Observed) observation).now();
      mergeVector(step.node(), message.vector());
    }
    Event event = record(step.node(), timestamp);
    if (message == null && step.peer() != step.node()) {
      underWay.get(step.peer()).get(step.node()).add(event);
    }
  }

  private void mergeVector(int node, List<Integer> other) {
    for (int i = 0; i < other.size(); i++) {
      vectors.get(node).set(i, Math.max(vectors.get(node).get(i), other.get(i)));
    }
  }

  private Event record(int node, HybridTimestamp timestamp) {
    vectors.get(node).set(node, vectors.get(node).get(node) + 1);
    Event event =
        new Event(
            node, List.copyOf(vectors.get(node)), timestamp, physicalClocks.get(node).wallMillis());
    events.add(event);
    return event;
  }
}
