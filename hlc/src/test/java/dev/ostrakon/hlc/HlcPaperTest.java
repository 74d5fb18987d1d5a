package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.Execution.Event;
import dev.ostrakon.hlc.Execution.Step;
import dev.ostrakon.hlc.Observation.Observed;
import dev.ostrakon.hlc.Observation.Refused;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * One test per rule of the HLC paper: the cases of the algorithm (fig. 5) as examples, the theorems
 * about it over random executions of several nodes.
 *
 * <p>The paper's l is {@code wallMillis}, its c is {@code logical}, its pt the physical clock, its
 * epsilon the largest difference between two physical clocks.
 */
final class HlcPaperTest {
  private static final int NODES = 4;
  private static final int EPSILON_MILLIS = 6;

  private final ManualClock physicalClock = new ManualClock(100);
  private final HybridLogicalClock clock =
      new HybridLogicalClock(physicalClock, ClockConfig.DEFAULTS);

  /** Fig. 5, send or local event: "l.j := max(l'.j, pt.j)", "else c.j := 0". */
  @Example
  void local_event_takes_the_physical_time_if_it_is_ahead_and_resets_the_logical_part() {
    assertThat(clock.now()).isEqualTo(new HybridTimestamp(100, 0));
    clock.now();
    physicalClock.set(101);

    assertThat(clock.now()).isEqualTo(new HybridTimestamp(101, 0));
  }

  /** Fig. 5, send or local event: "if (l.j = l'.j) then c.j := c.j + 1". */
  @Example
  void local_event_counts_on_if_the_physical_time_is_not_ahead() {
    clock.now();

    assertThat(clock.now()).isEqualTo(new HybridTimestamp(100, 1));
    physicalClock.set(99);
    assertThat(clock.now()).isEqualTo(new HybridTimestamp(100, 2));
  }

  /** Fig. 5, receive: "if (l.j = l'.j = l.m) then c.j := max(c.j, c.m) + 1", c.j the larger. */
  @Example
  void receive_at_equal_times_counts_on_from_the_own_logical_part_if_that_is_larger() {
    clock.now();
    clock.now();

    assertThat(observed(100, 0)).isEqualTo(new HybridTimestamp(100, 2));
  }

  /** Fig. 5, receive: "if (l.j = l'.j = l.m) then c.j := max(c.j, c.m) + 1", c.m the larger. */
  @Example
  void receive_at_equal_times_counts_on_from_the_remote_logical_part_if_that_is_larger() {
    clock.now();

    assertThat(observed(100, 7)).isEqualTo(new HybridTimestamp(100, 8));
  }

  /** Fig. 5, receive: "elseif (l.j = l'.j) then c.j := c.j + 1". */
  @Example
  void receive_of_an_older_time_counts_on_from_the_own_logical_part() {
    clock.now();

    assertThat(observed(99, 500)).isEqualTo(new HybridTimestamp(100, 1));
  }

  /** Fig. 5, receive: "elseif (l.j = l.m) then c.j := c.m + 1". */
  @Example
  void receive_of_a_newer_time_takes_it_and_counts_on_from_its_logical_part() {
    clock.now();

    assertThat(observed(110, 7)).isEqualTo(new HybridTimestamp(110, 8));
  }

  /** Fig. 5, receive: "elseif (l.j = l.m)", where the physical time is the same as the remote. */
  @Example
  void receive_of_the_physical_time_itself_counts_on_from_the_remote_logical_part() {
    clock.now();
    physicalClock.set(110);

    assertThat(observed(110, 7)).isEqualTo(new HybridTimestamp(110, 8));
  }

  /** Fig. 5, receive: "else c.j := 0". */
  @Example
  void receive_when_the_physical_time_is_ahead_of_both_resets_the_logical_part() {
    clock.now();
    physicalClock.set(120);

    assertThat(observed(110, 7)).isEqualTo(new HybridTimestamp(120, 0));
  }

  /** Theorem 1: "For any two events e and f, e hb f implies (l.e, c.e) &lt; (l.f, c.f)". */
  @Property
  void theorem_1_what_happened_before_has_the_smaller_timestamp(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    List<Event> events = Execution.run(skews, steps);

    for (Event later : events) {
      assertThat(before(later, events))
          .allSatisfy(earlier -> assertThat(earlier.timestamp()).isLessThan(later.timestamp()));
    }
  }

  /** Theorem 2: "For any event f, l.f &gt;= pt.f". */
  @Property
  void theorem_2_a_timestamp_is_never_behind_the_physical_clock(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    assertThat(Execution.run(skews, steps))
        .allSatisfy(
            event ->
                assertThat(event.timestamp().wallMillis())
                    .isGreaterThanOrEqualTo(event.physicalMillis()));
  }

  /**
   * Theorem 3: "l.f denotes the maximum clock value that f is aware of": if l.f &gt; pt.f, some
   * event before f had l.f as its physical time.
   */
  @Property
  void theorem_3_a_timestamp_ahead_of_the_physical_clock_is_the_largest_clock_value_known(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    List<Event> events = Execution.run(skews, steps);

    for (Event event : events) {
      long largestKnown =
          Stream.concat(before(event, events).stream(), Stream.of(event))
              .mapToLong(Event::physicalMillis)
              .max()
              .orElseThrow();
      assertThat(event.timestamp().wallMillis()).isEqualTo(largestKnown);
    }
  }

  /** Corollary 1: "For any event f, |l.f - pt.f| &lt;= epsilon". */
  @Property
  void corollary_1_a_timestamp_is_within_the_clock_uncertainty_of_the_physical_clock(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    assertThat(Execution.run(skews, steps))
        .allSatisfy(
            event ->
                assertThat(event.timestamp().wallMillis() - event.physicalMillis())
                    .isBetween(0L, (long) EPSILON_MILLIS));
  }

  /**
   * Theorem 4 and corollary 2: "c.f &lt;= |{g : g hb f and l.g = l.f}|": the logical part counts no
   * more than the events before it in the same millisecond.
   */
  @Property
  void corollary_2_the_logical_part_is_bounded_by_earlier_events_of_the_same_wall_time(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    List<Event> events = Execution.run(skews, steps);

    for (Event event : events) {
      long sameWall =
          before(event, events).stream()
              .filter(e -> e.timestamp().wallMillis() == event.timestamp().wallMillis())
              .count();
      assertThat((long) event.timestamp().logical()).isLessThanOrEqualTo(sameWall);
    }
  }

  /**
   * Corollary 3: "For any event f, c.f &lt;= N * (epsilon + 1)", where the physical clock of a node
   * moves between any two of its events.
   */
  @Property
  void corollary_3_the_logical_part_is_bounded_by_nodes_and_clock_uncertainty(
      @ForAll("skews") List<Integer> skews, @ForAll("movingSteps") List<Step> steps) {
    assertThat(Execution.run(skews, steps))
        .allSatisfy(
            event ->
                assertThat(event.timestamp().logical())
                    .isLessThanOrEqualTo(NODES * (EPSILON_MILLIS + 1)));
  }

  /**
   * Section on masking synchronization errors: a message whose timestamp is too far from the
   * physical clock is not let into the clock, so an error does not spread.
   */
  @Example
  void a_message_that_is_out_of_bounds_leaves_the_clock_as_it_was() {
    HybridTimestamp before = clock.now();

    assertThat(clock.observe(new HybridTimestamp(100 + 501, 0))).isEqualTo(new Refused(501, 500));
    assertThat(clock.last()).isEqualTo(before);
    assertThat(clock.now()).isEqualTo(before.next());
  }

  /** Section on compact timestamping: one integer comparison orders l and c together. */
  @Property
  void a_packed_timestamp_orders_wall_part_first_and_logical_part_second(
      @ForAll("skews") List<Integer> skews, @ForAll("steps") List<Step> steps) {
    List<Event> events = Execution.run(skews, steps);

    for (Event later : events) {
      assertThat(before(later, events))
          .allSatisfy(
              earlier ->
                  assertThat(
                          Long.compareUnsigned(
                              earlier.timestamp().packed(), later.timestamp().packed()))
                      .isNegative());
    }
  }

  @Provide
  Arbitrary<List<Integer>> skews() {
    return Arbitraries.integers().between(0, EPSILON_MILLIS).list().ofSize(NODES);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return stepsOf(0, 2);
  }

  @Provide
  Arbitrary<List<Step>> movingSteps() {
    return stepsOf(1, 3);
  }

  private static Arbitrary<List<Step>> stepsOf(int millisMin, int millisMax) {
    Arbitrary<Integer> nodes = Arbitraries.integers().between(0, NODES - 1);
    Arbitrary<Integer> millis = Arbitraries.integers().between(millisMin, millisMax);
    return Combinators.combine(nodes, nodes, Arbitraries.of(true, false), millis)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(80);
  }

  private static List<Event> before(Event event, List<Event> events) {
    return events.stream().filter(other -> other.happenedBefore(event)).toList();
  }

  private HybridTimestamp observed(long wallMillis, int logical) {
    Observation observation = clock.observe(new HybridTimestamp(wallMillis, logical));
    assertThat(observation).isInstanceOf(Observed.class);
    return ((Observed) observation).now();
  }
}
