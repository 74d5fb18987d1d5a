package dev.ostrakon.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class BankConsistencyTest {
  private final List<BankOperation> history = new ArrayList<>();

  private void add(long called, long returned, Status status, BankAction action) {
    history.add(new BankOperation(new Span(history.size(), called, returned), status, action));
  }

  private void read(long called, long returned, long... balances) {
    SortedMap<String, Long> found = new TreeMap<>();
    for (int i = 0; i < balances.length; i++) {
      found.put("a" + i, balances[i]);
    }
    add(called, returned, Status.OK, new BankAction.ReadAll(found));
  }

  private void transfer(long called, long returned, int from, int to, long amount) {
    add(called, returned, Status.OK, new BankAction.Transfer("a" + from, "a" + to, amount));
  }

  private void assertValid() {
    Report report = BankConsistency.check(history, Budget.DEFAULT);
    assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.VALID);
  }

  private void assertAnomaly(String kind) {
    Report report = BankConsistency.check(history, Budget.DEFAULT);
    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(report.anomalies()).extracting(Anomaly::kind).contains(kind);
  }

  @Test
  void a_bank_that_nobody_uses_is_valid() {
    assertValid();
  }

  @Test
  void reads_around_transfers_are_valid() {
    read(1, 2, 10, 10);
    transfer(3, 4, 0, 1, 5);
    read(5, 6, 5, 15);
    transfer(7, 12, 1, 0, 3);
    read(8, 9, 8, 12);
    read(8, 10, 5, 15);
    read(13, 14, 8, 12);
    assertValid();
  }

  /** Seed 0xab7f5 of the simulated store: reads waited for a node while all transfers happened. */
  @Test
  void a_first_read_that_many_transfers_overlap_has_seen_them_all_or_those_up_to_a_moment() {
    for (int seen : new int[] {30, 17}) {
      history.clear();
      long balance = 1_000;
      long atRead = 0;
      for (int i = 0; i < 30; i++) {
        transfer(10L * i + 1, 10L * i + 5, 0, 1, 1);
        balance--;
        atRead = i + 1 == seen ? balance : atRead;
      }
      read(0, 400, atRead, 2_000 - atRead);
      read(500, 600, balance, 2_000 - balance);
      assertValid();
    }
  }

  @Test
  void a_wrong_sum_is_caught() {
    read(1, 2, 10, 10);
    transfer(3, 8, 0, 1, 5);
    read(4, 5, 5, 10);
    assertAnomaly("wrong-sum");
  }

  @Test
  void a_negative_balance_is_caught() {
    read(1, 2, 10, 10);
    transfer(3, 4, 0, 1, 15);
    read(5, 6, -5, 25);
    assertAnomaly("negative-balance");
  }

  @Test
  void a_missing_account_is_caught() {
    read(1, 2, 10, 0);
    read(3, 4, 10);
    assertAnomaly("missing-account");
  }

  @Test
  void a_lost_transfer_is_caught_although_the_sum_is_right() {
    read(1, 2, 10, 10);
    transfer(3, 4, 0, 1, 5);
    read(5, 6, 10, 10);
    assertAnomaly("wrong-balance");
  }

  @Test
  void a_stale_read_is_caught() {
    read(1, 2, 10, 10);
    transfer(3, 4, 0, 1, 5);
    read(5, 6, 5, 15);
    read(7, 8, 10, 10);
    assertAnomaly("wrong-balance");
  }

  @Test
  void a_transfer_that_was_refused_must_not_show() {
    read(1, 2, 10, 10);
    add(3, 4, Status.FAIL, new BankAction.Transfer("a0", "a1", 5));
    read(5, 6, 5, 15);
    assertAnomaly("wrong-balance");
  }

  @Test
  void a_transfer_that_happened_twice_is_caught() {
    read(1, 2, 10, 10);
    transfer(3, 4, 0, 1, 5);
    read(5, 6, 0, 20);
    assertAnomaly("wrong-balance");
  }

  @Test
  void two_reads_that_disagree_about_the_order_are_caught() {
    read(1, 2, 10, 10, 10);
    transfer(3, 20, 0, 1, 5);
    transfer(4, 21, 1, 2, 3);
    read(5, 22, 5, 15, 10);
    read(6, 23, 10, 7, 13);
    assertAnomaly("no-order");
  }

  @Test
  void a_first_read_that_nothing_explains_is_shown_with_the_transfers_behind_it() {
    read(1, 400, 8, 12);
    for (int i = 0; i < 12; i++) {
      transfer(10L * (i + 1), 10L * (i + 1) + 5, i % 2, (i + 1) % 2, 3);
    }
    read(500, 600, 10, 10);
    assertAnomaly("no-order");
    Anomaly anomaly = BankConsistency.check(history).anomalies().get(0);
    assertThat(anomaly.explanation()).contains("leads from the last of these");
    assertThat(anomaly.operations()).hasSize(13).last().asString().contains("from 1 to 400");
  }

  @Test
  void a_search_that_gives_up_is_undecided() {
    read(1, 2, 10, 10, 10);
    transfer(3, 20, 0, 1, 5);
    read(21, 22, 5, 15, 10);
    Report report = BankConsistency.check(history, Budget.ofSteps(1).until(() -> true));
    assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(report.summary()).contains("gave up");
  }

  @Test
  void a_transfer_of_unknown_outcome_may_show_late() {
    read(1, 2, 10, 10);
    add(3, Span.NEVER, Status.UNKNOWN, new BankAction.Transfer("a0", "a1", 5));
    read(5, 6, 10, 10);
    read(7, 8, 5, 15);
    assertValid();
  }

  @Test
  void random_histories_of_a_serial_bank_are_valid_and_one_changed_balance_is_caught() {
    SplittableRandom random = new SplittableRandom(5);
    long[] balances = {100, 100, 100, 100};
    for (long clock = 0; history.size() < 5_000; clock += 10) {
      int from = random.nextInt(4);
      int to = (from + 1 + random.nextInt(3)) % 4;
      long amount = random.nextInt(20);
      if (random.nextDouble() < 0.3) {
        read(clock, clock + 5 + random.nextInt(40), balances);
      } else if (balances[from] >= amount) {
        balances[from] -= amount;
        balances[to] += amount;
        transfer(clock - random.nextInt(40), clock + 5 + random.nextInt(40), from, to, amount);
      }
    }
    long end = Long.MAX_VALUE - 10;
    read(end - 2, end - 1, balances);
    assertValid();

    balances[0] += 1;
    balances[1] -= 1;
    read(end, end + 1, balances);
    assertAnomaly("wrong-balance");
  }
}
