package dev.ostrakon.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.checker.RandomKvHistory.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LinearizabilityTest {
  private static final List<KvAction.Kind> ALL_BUT_INCREMENT =
      List.of(
          KvAction.Kind.GET,
          KvAction.Kind.GET,
          KvAction.Kind.PUT,
          KvAction.Kind.APPEND,
          KvAction.Kind.DELETE,
          KvAction.Kind.CAS);

  private final List<KvOperation> history = new ArrayList<>();

  private void get(int client, long call, long end, @Nullable String value) {
    KvOutput output = new KvOutput.Value(value);
    history.add(KvOperation.ok(client, "k", new KvAction.Get(), call, end, output));
  }

  private void ok(int client, KvAction action, long call, long end) {
    history.add(KvOperation.ok(client, "k", action, call, end, KvOutput.NONE));
  }

  private void cas(int client, String expect, String value, long call, long end, boolean done) {
    history.add(
        KvOperation.ok(
            client, "k", new KvAction.Cas(expect, value), call, end, new KvOutput.Swapped(done)));
  }

  private void unknown(int client, KvAction action, long call) {
    history.add(KvOperation.unknown(client, "k", action, call));
  }

  private Verdict verdict() {
    Report report = Linearizability.check(history, Budget.DEFAULT);
    assertThat(report.verdict() == Verdict.VALID).isEqualTo(BruteForce.isLinearizable(history));
    return report.verdict();
  }

  @Test
  void an_empty_history_is_valid() {
    assertThat(verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void a_read_may_see_a_concurrent_write_or_not() {
    ok(0, new KvAction.Put("1"), 10, 40);
    get(1, 20, 30, null);
    get(2, 20, 30, "1");
    assertThat(verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void a_stale_read_is_caught() {
    ok(0, new KvAction.Put("1"), 10, 20);
    get(1, 30, 40, null);
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void two_reads_may_not_go_back_in_time() {
    ok(0, new KvAction.Put("1"), 10, 20);
    ok(0, new KvAction.Put("2"), 30, 90);
    get(1, 40, 50, "2");
    get(2, 60, 70, "1");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_value_that_nobody_wrote_is_caught() {
    ok(0, new KvAction.Put("1"), 10, 20);
    get(1, 30, 40, "7");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_write_that_was_refused_must_not_be_seen() {
    history.add(KvOperation.fail(0, "k", new KvAction.Put("1"), 10, 20));
    get(1, 30, 40, "1");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_write_of_unknown_outcome_may_appear_late_but_only_once() {
    unknown(0, new KvAction.Put("1"), 10);
    get(1, 30, 40, null);
    get(1, 50, 60, "1");
    assertThat(verdict()).isEqualTo(Verdict.VALID);

    ok(1, new KvAction.Put("2"), 70, 80);
    get(1, 90, 100, "1");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_lost_append_is_caught() {
    ok(0, new KvAction.Append("a"), 10, 20);
    ok(1, new KvAction.Append("b"), 10, 20);
    get(1, 30, 40, "ba");
    assertThat(verdict()).isEqualTo(Verdict.VALID);

    get(1, 50, 60, "b");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void an_append_that_happened_twice_is_caught() {
    ok(0, new KvAction.Append("a"), 10, 20);
    get(1, 30, 40, "aa");
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void of_two_compare_and_sets_on_one_value_only_one_succeeds() {
    ok(0, new KvAction.Put("1"), 10, 20);
    cas(1, "1", "2", 30, 40, true);
    cas(2, "1", "3", 30, 40, false);
    assertThat(verdict()).isEqualTo(Verdict.VALID);

    cas(2, "1", "4", 50, 60, true);
    assertThat(verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_refused_compare_and_set_can_be_explained_by_a_write_of_unknown_outcome() {
    ok(0, new KvAction.Put("1"), 10, 20);
    unknown(1, new KvAction.Put("9"), 12);
    cas(2, "1", "3", 30, 40, false);
    ok(0, new KvAction.Put("4"), 50, 60);
    assertThat(verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void a_report_names_the_answer_that_breaks_the_history() {
    for (int i = 0; i < 50; i++) {
      ok(0, new KvAction.Put("v" + i), 10L * i, 10L * i + 5);
    }
    get(1, 492, 600, "v12");
    get(1, 700, 800, "v49");

    Report report = Linearizability.check(history, Budget.DEFAULT);

    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
    Anomaly anomaly = report.anomalies().get(0);
    assertThat(anomaly.kind()).isEqualTo(Linearizability.KIND);
    assertThat(anomaly.explanation()).contains("key k", "first 50 answers", "\"v49\"");
    assertThat(anomaly.operations())
        .contains("no place for: client 1 get k from 492 to 600 ok: \"v12\"");
  }

  @Test
  void keys_are_judged_one_by_one() {
    ok(0, new KvAction.Put("1"), 10, 20);
    history.add(KvOperation.ok(1, "other", new KvAction.Get(), 30, 40, new KvOutput.Value(null)));
    Report report = Linearizability.check(history, Budget.DEFAULT);
    assertThat(report.verdict()).isEqualTo(Verdict.VALID);
    assertThat(report.summary()).isEqualTo("2 operations on 2 keys");
  }

  @Test
  void running_out_of_budget_is_undecided_and_not_a_pass() {
    Shape shape = new Shape(8, 500, 0, 0, ALL_BUT_INCREMENT);
    Report report = Linearizability.check(RandomKvHistory.draw(shape, 1), Budget.ofSteps(100));
    assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(report.isValid()).isFalse();
    assertThat(report.summary()).contains("budget ran out", "[k]");
  }

  @Test
  void an_expired_budget_is_undecided() {
    Shape shape = new Shape(8, 20_000, 0, 0, ALL_BUT_INCREMENT);
    Report report =
        Linearizability.check(RandomKvHistory.draw(shape, 1), Budget.DEFAULT.until(() -> true));
    assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void small_random_histories_are_judged_as_by_trying_everything() {
    int broken = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      List<KvAction.Kind> kinds =
          seed % 4 == 0
              ? List.of(KvAction.Kind.GET, KvAction.Kind.INCREMENT)
              : ALL_BUT_INCREMENT.subList(0, 3 + (int) (seed % 4));
      Shape shape = new Shape(3, 7, 0.2, (int) (seed % 3), kinds);
      List<KvOperation> sound = RandomKvHistory.draw(shape, seed);
      List<KvOperation> changed = RandomKvHistory.withSwappedGet(sound, seed);
      boolean expected = BruteForce.isLinearizable(changed);
      assertThat(Linearizability.check(sound, Budget.DEFAULT).verdict())
          .as("seed %d: %s", seed, sound)
          .isEqualTo(Verdict.VALID);
      assertThat(Linearizability.check(changed, Budget.DEFAULT).isValid())
          .as("seed %d: %s", seed, changed)
          .isEqualTo(expected);
      broken += expected ? 0 : 1;
    }
    assertThat(broken).isGreaterThan(400);
  }

  @Test
  void tens_of_thousands_of_operations_on_one_key_are_decided() {
    for (int distinct : new int[] {0, 5}) {
      Shape shape = new Shape(8, 30_000, 0.02, distinct, ALL_BUT_INCREMENT);
      List<KvOperation> sound = RandomKvHistory.draw(shape, 7);
      assertThat(Linearizability.check(sound, Budget.DEFAULT).verdict())
          .as("%d distinct values", distinct)
          .isEqualTo(Verdict.VALID);
    }
  }

  @Test
  void one_wrong_answer_among_tens_of_thousands_is_found() {
    Shape shape = new Shape(8, 20_000, 0.001, 0, ALL_BUT_INCREMENT);
    List<KvOperation> sound = RandomKvHistory.draw(shape, 7);
    int caught = 0;
    for (long seed = 0; seed < 3; seed++) {
      List<KvOperation> changed = RandomKvHistory.withSwappedGet(sound, seed);
      Report report = Linearizability.check(changed, Budget.DEFAULT);
      assertThat(report.verdict()).as("seed %d", seed).isNotEqualTo(Verdict.UNDECIDED);
      caught += report.isValid() ? 0 : 1;
    }
    assertThat(caught).as("most changes put another value there").isGreaterThan(1);
  }
}
