package dev.ostrakon.checker;

import static dev.ostrakon.checker.ListHistoryBuilder.append;
import static dev.ostrakon.checker.ListHistoryBuilder.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One history for each anomaly, and sound ones that look like it. */
final class StrictSerializabilityTest {
  private final ListHistoryBuilder history = new ListHistoryBuilder();

  private void assertValid() {
    Report report = history.check();
    assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.VALID);
    assertThat(SerialLists.isStrictlySerializable(history.history())).isTrue();
  }

  private Anomaly assertAnomaly(String kind) {
    Report report = history.check();
    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(report.anomalies()).extracting(Anomaly::kind).contains(kind);
    assertThat(report.summary()).contains(kind);
    assertThat(SerialLists.isStrictlySerializable(history.history())).isFalse();
    return report.anomalies().stream().filter(a -> a.kind().equals(kind)).findFirst().orElseThrow();
  }

  @Test
  void an_empty_history_is_valid() {
    assertValid();
  }

  @Test
  void transactions_one_after_the_other_are_valid() {
    history.ok(1, 2, append("x", 1), read("x", 1));
    history.ok(3, 4, read("x", 1), append("y", 1));
    history.ok(5, 6, read("y", 1), read("x", 1));
    assertValid();
  }

  @Test
  void concurrent_transactions_may_take_any_order() {
    history.ok(1, 10, append("x", 1));
    history.ok(2, 9, append("x", 2));
    history.ok(3, 8, read("x", 2));
    history.ok(11, 12, read("x", 2, 1));
    assertValid();
  }

  @Test
  void g0_appends_of_two_transactions_in_opposite_orders() {
    history.ok(1, 10, append("x", 1), append("y", 1));
    history.ok(2, 11, append("x", 2), append("y", 2));
    history.ok(12, 13, read("x", 1, 2), read("y", 2, 1));
    Anomaly anomaly = assertAnomaly("G0");
    assertThat(anomaly.operations()).hasSize(2);
    assertThat(anomaly.operations().toString()).contains("-- ww: appended to x before -->");
  }

  @Test
  void a_cycle_of_30_000_transactions_is_found_and_named() {
    int size = 30_000;
    for (int i = 0; i < size; i++) {
      Step missed = read("z" + (i + 1) % size);
      Step first = append("a" + i, 1);
      Step second = append("z" + i, 1);
      history.ok(
          i,
          3L * size + i,
          i == 0
              ? new Step[] {first, second, missed}
              : new Step[] {first, second, missed, read("a" + (i - 1), 1)});
    }
    for (int i = 0; i < size; i++) {
      history.ok(size + i, 4L * size + i, read("z" + i, 1));
    }
    assertThat(history.check().anomalies())
        .filteredOn(anomaly -> anomaly.kind().equals("G-single"))
        .singleElement()
        .satisfies(anomaly -> assertThat(anomaly.operations()).hasSize(size));
  }

  @Test
  void g0_realtime_an_append_before_an_earlier_one() {
    history.ok(1, 2, append("x", 1));
    history.ok(3, 4, append("x", 2));
    history.ok(5, 6, read("x", 2, 1));
    Anomaly anomaly = assertAnomaly("G0-realtime");
    assertThat(anomaly.operations().toString()).contains("-- realtime: was answered before");
  }

  @Test
  void g1a_a_read_of_a_failed_transaction() {
    history.fail(1, 2, append("x", 1));
    history.ok(3, 4, read("x", 1));
    assertAnomaly("G1a");
  }

  @Test
  void g1b_a_read_in_the_midst_of_a_transaction() {
    history.ok(1, 10, append("x", 1), append("x", 2));
    history.ok(2, 9, read("x", 1));
    history.ok(11, 12, read("x", 1, 2));
    assertAnomaly("G1b");
  }

  @Test
  void a_transaction_may_read_in_the_midst_of_itself() {
    history.ok(1, 10, append("x", 1), read("x", 1), append("x", 2), read("x", 1, 2));
    history.ok(11, 12, read("x", 1, 2));
    assertValid();
  }

  @Test
  void g1c_two_transactions_read_each_other() {
    history.ok(1, 10, append("x", 1), read("y", 1));
    history.ok(2, 11, append("y", 1), read("x", 1));
    assertAnomaly("G1c");
  }

  @Test
  void g1c_realtime_a_read_of_the_future() {
    history.ok(1, 2, read("x", 1));
    history.ok(3, 4, append("x", 1));
    assertAnomaly("G1c-realtime");
  }

  @Test
  void g_single_read_skew() {
    history.ok(1, 10, append("x", 1), append("y", 1));
    history.ok(2, 11, read("x", 1), read("y"));
    history.ok(12, 13, read("x", 1), read("y", 1));
    Anomaly anomaly = assertAnomaly("G-single");
    assertThat(anomaly.operations().toString()).contains("-- rw: its read of y misses");
  }

  @Test
  void g_single_realtime_a_stale_read() {
    history.ok(1, 2, append("x", 1));
    history.ok(3, 4, append("x", 2));
    history.ok(5, 6, read("x", 1));
    history.ok(5, 7, read("x", 1, 2));
    assertAnomaly("G-single-realtime");
  }

  @Test
  void g2_write_skew() {
    history.ok(1, 10, read("x"), append("y", 1));
    history.ok(2, 11, read("y"), append("x", 1));
    history.ok(12, 13, read("x", 1), read("y", 1));
    assertAnomaly("G2");
  }

  @Test
  void g2_long_fork() {
    history.ok(1, 20, append("x", 1));
    history.ok(2, 21, append("y", 1));
    history.ok(3, 22, read("x", 1), read("y"));
    history.ok(4, 23, read("x"), read("y", 1));
    assertAnomaly("G2");
  }

  @Test
  void g2_realtime_each_reader_misses_what_was_appended_before() {
    history.ok(1, 20, read("x"), read("y", 1));
    history.ok(2, 3, append("x", 1));
    history.ok(4, 5, read("y"));
    history.ok(0, 21, append("y", 1));
    history.ok(22, 23, read("x", 1), read("y", 1));
    assertAnomaly("G2-realtime");
  }

  @Test
  void a_lost_append() {
    history.ok(1, 2, append("x", 1));
    history.ok(3, 4, append("x", 2));
    history.ok(5, 6, read("x", 1));
    assertAnomaly("lost-append");
  }

  @Test
  void a_lost_update() {
    history.ok(1, 10, read("x"), append("x", 1));
    history.ok(2, 11, read("x"), append("x", 2));
    Report report = history.check();
    assertThat(report.anomalies()).extracting(Anomaly::kind).containsExactly("G2");
    assertThat(SerialLists.isStrictlySerializable(history.history())).isFalse();
  }

  @Test
  void an_append_that_nobody_read_is_no_anomaly() {
    history.ok(1, 2, read("x"), append("x", 1));
    history.ok(3, 4, append("x", 2));
    assertValid();
  }

  @Test
  void an_element_that_was_appended_twice() {
    history.ok(1, 2, append("x", 1));
    history.ok(3, 4, read("x", 1, 1));
    assertAnomaly("duplicate-append");
  }

  @Test
  void two_steps_that_append_the_same_element() {
    history.ok(1, 2, append("x", 1));
    history.ok(3, 4, append("x", 1));
    assertThat(history.check().anomalies()).extracting(Anomaly::kind).contains("duplicate-append");
  }

  @Test
  void two_reads_of_which_neither_begins_the_other() {
    history.ok(1, 10, append("x", 1));
    history.ok(2, 11, append("x", 2));
    history.ok(3, 12, read("x", 1, 2));
    history.ok(4, 13, read("x", 2, 1));
    assertAnomaly("incompatible-order");
  }

  @Test
  void an_element_from_nowhere() {
    history.ok(1, 10, append("x", 1));
    history.ok(11, 12, read("x", 1, 7));
    assertAnomaly("unwritten-read");
  }

  @Test
  void a_read_that_does_not_show_its_own_append() {
    history.ok(1, 10, append("x", 1), read("x"));
    assertAnomaly("internal");
  }

  @Test
  void two_reads_of_one_transaction_that_differ() {
    history.ok(1, 10, append("x", 1));
    history.ok(2, 11, read("x"), read("x", 1));
    assertAnomaly("internal");
  }

  @Test
  void an_unknown_outcome_may_be_seen_late_or_never() {
    history.unknown(1, append("x", 1));
    history.unknown(2, append("x", 2));
    history.ok(3, 4, read("x"));
    history.ok(5, 6, read("x", 2));
    assertValid();
  }

  @Test
  void an_unknown_outcome_that_was_seen_must_not_vanish() {
    history.unknown(1, append("x", 1));
    history.ok(3, 4, read("x", 1));
    history.ok(5, 6, read("x"));
    assertAnomaly("G-single-realtime");
  }

  @Test
  void of_an_unknown_outcome_that_was_seen_all_must_be_there() {
    history.unknown(1, append("x", 1), append("y", 1));
    history.ok(3, 4, read("x", 1), read("y"));
    assertAnomaly("G-single");
  }

  @Test
  void an_operation_is_not_before_one_that_was_called_before_its_answer() {
    history.ok(1, 5, append("x", 1));
    history.ok(4, 6, read("x"));
    assertValid();
  }

  @Test
  void the_appends_of_a_transaction_stand_in_the_order_of_its_steps() {
    history.ok(1, 2, append("x", 1), append("x", 2));
    history.ok(3, 4, append("x", 3));
    history.ok(5, 6, read("x", 2, 1, 3));
    assertAnomaly("internal");
  }

  @Test
  void small_random_histories_are_judged_as_by_trying_every_order() {
    int broken = 0;
    for (long seed = 0; seed < 6_000; seed++) {
      RandomListHistory random = new RandomListHistory(seed, 3, 3);
      List<TxnOperation> sound = random.draw(5);
      List<TxnOperation> changed = random.mutate(sound);
      assertThat(StrictSerializability.check(sound).verdict())
          .as("seed %d: %s", seed, sound)
          .isEqualTo(Verdict.VALID);
      boolean expected = SerialLists.isStrictlySerializable(changed);
      assertThat(StrictSerializability.check(changed).isValid())
          .as("seed %d: %s", seed, changed)
          .isEqualTo(expected);
      broken += expected ? 0 : 1;
    }
    assertThat(broken).isGreaterThan(1_000);
  }

  @Test
  void large_histories_are_judged_and_one_changed_read_is_found() {
    RandomListHistory random = new RandomListHistory(1, 10, 2_000);
    List<TxnOperation> sound = random.draw(100_000);
    assertThat(StrictSerializability.check(sound).verdict()).isEqualTo(Verdict.VALID);

    Report report = StrictSerializability.check(random.withStaleRead(sound));
    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(report.anomalies()).isNotEmpty();
  }
}
