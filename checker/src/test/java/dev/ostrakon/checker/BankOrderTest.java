package dev.ostrakon.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BankOrderTest {

  private static SortedMap<String, Long> balances(long... numbers) {
    SortedMap<String, Long> balances = new TreeMap<>();
    for (int i = 0; i < numbers.length; i++) {
      balances.put("a" + i, numbers[i]);
    }
    return balances;
  }

  private static long[] balances(BankOperation read) {
    return ((BankAction.ReadAll) read.action())
        .balances().values().stream().mapToLong(Long::longValue).toArray();
  }

  private static BankOperation read(long called, long returned, long... numbers) {
    return new BankOperation(
        new Span(1, called, returned), Status.OK, new BankAction.ReadAll(balances(numbers)));
  }

  private static BankOperation transfer(long called, long returned, int from, int to, long amount) {
    return new BankOperation(
        new Span(1, called, returned),
        returned == Span.NEVER ? Status.UNKNOWN : Status.OK,
        new BankAction.Transfer("a" + from, "a" + to, amount));
  }

  /** What the search finds, whichever way it goes. */
  private static Verdict verdict(List<BankOperation> history) {
    Verdict verdict = BankOrder.search(history, Budget.DEFAULT).verdict();
    for (Direction direction : Direction.values()) {
      assertThat(new BankOrder(history, Budget.DEFAULT, direction).run())
          .as("%s: %s", direction, history)
          .isEqualTo(verdict);
    }
    return verdict;
  }

  @Test
  void a_long_fork_of_two_reads_is_caught() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10, 10));
    history.add(transfer(3, 20, 0, 1, 5));
    history.add(transfer(4, 21, 1, 2, 3));
    history.add(read(5, 22, 5, 15, 10));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.add(read(6, 23, 10, 7, 13));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_transfer_of_unknown_outcome_explains_one_change_and_no_second() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10));
    history.add(transfer(3, Span.NEVER, 0, 1, 5));
    history.add(read(4, 5, 10, 10));
    history.add(read(6, 7, 5, 15));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.add(read(8, 9, 10, 10));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_later_transfer_does_not_show_before_an_earlier_one() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10, 10));
    history.add(transfer(3, 4, 0, 1, 5));
    history.add(transfer(5, 6, 1, 2, 3));
    history.add(read(2, 9, 10, 7, 13));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_transfer_of_unknown_outcome_does_not_show_before_its_call() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10));
    history.add(read(3, 7, 5, 15));
    history.add(read(8, 9, 5, 15));
    List<BankOperation> late = new ArrayList<>(history);
    history.add(transfer(6, Span.NEVER, 0, 1, 5));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    late.add(transfer(10, Span.NEVER, 0, 1, 5));
    assertThat(verdict(late)).isEqualTo(Verdict.INVALID);
    late.set(3, transfer(7, Span.NEVER, 0, 1, 5));
    late.set(1, read(3, 6, 5, 15));
    assertThat(verdict(late)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void a_transfer_of_unknown_outcome_does_not_show_before_one_that_was_answered_before_its_call() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10, 10));
    history.add(transfer(4, 5, 0, 1, 5));
    history.add(transfer(6, Span.NEVER, 1, 2, 3));
    history.add(read(3, 20, 5, 12, 13));
    history.add(read(21, 22, 5, 12, 13));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.set(3, read(3, 20, 10, 7, 13));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  /** As when a node that was away is back, to which a dozen clients had turned. */
  @Test
  void many_transfers_of_unknown_outcome_may_happen_between_two_reads() {
    List<BankOperation> history = new ArrayList<>();
    long[] money = {1_000, 1_000, 1_000, 1_000};
    history.add(read(1, 2, money));
    for (int i = 0; i < 12; i++) {
      BankOperation transfer =
          transfer(3L + i, Span.NEVER, i % 4, (i + 1) % 4, 2L * (1 + (long) i * i));
      history.add(transfer);
      RandomBank.apply((BankAction.Transfer) transfer.action(), money);
    }
    history.add(read(100, 101, money));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    money[0]++;
    money[1]--;
    history.set(13, read(100, 101, money));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  /** Backwards the second read is the last chance of what was called after its answer. */
  @Test
  void a_transfer_of_unknown_outcome_may_undo_another_one_between_equal_reads() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10));
    history.add(transfer(3, 12, 0, 1, 5));
    history.add(read(4, 6, 10, 10));
    history.add(transfer(7, Span.NEVER, 1, 0, 5));
    history.add(read(13, 14, 10, 10));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.set(3, transfer(7, Span.NEVER, 1, 0, 4));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  /** Backwards the first transfer is the last chance of what was called after its answer. */
  @Test
  void a_transfer_of_unknown_outcome_may_undo_another_one_beside_a_third() {
    List<BankOperation> history = new ArrayList<>();
    history.add(read(1, 2, 10, 10, 10, 10));
    history.add(read(3, 20, 10, 10, 10, 10));
    history.add(transfer(5, 6, 0, 1, 1));
    history.add(transfer(7, Span.NEVER, 3, 2, 5));
    history.add(transfer(4, 30, 2, 3, 5));
    history.add(read(31, 32, 9, 11, 10, 10));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.set(3, transfer(7, Span.NEVER, 3, 2, 4));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void two_orders_of_the_same_operations_differ_in_what_may_follow() {
    List<BankOperation> history = new ArrayList<>();
    history.add(transfer(1, 10, 0, 1, 2));
    history.add(transfer(2, Span.NEVER, 1, 0, 1));
    history.add(read(3, 12, 10, 10));
    history.add(read(4, 13, 9, 11));
    history.add(read(14, 15, 10, 10));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.set(4, read(14, 15, 9, 11));
    assertThat(verdict(history)).isEqualTo(Verdict.VALID);

    history.set(4, read(14, 15, 7, 13));
    assertThat(verdict(history)).isEqualTo(Verdict.INVALID);
  }

  /** As with seed 0xe8262 of the simulated store, whose first read waited for a node. */
  @Test
  void a_first_read_that_many_transfers_overlap_may_have_seen_any_of_them() {
    for (int period : new int[] {1, 3}) {
      List<BankOperation> sound = longFirstRead(period, 0);
      assertThat(BankOrder.search(sound, Budget.DEFAULT).verdict()).isEqualTo(Verdict.VALID);

      List<BankOperation> changed = longFirstRead(period, 1);
      assertThat(BankOrder.search(changed, Budget.DEFAULT).verdict()).isEqualTo(Verdict.INVALID);
    }
  }

  /**
   * Thirty transfers during the first read, which has seen two thirds of the short ones and some of
   * the long ones.
   *
   * @param period one of so many is as long as the read
   * @param moved so much is wrong with what it shows
   */
  private static List<BankOperation> longFirstRead(int period, long moved) {
    SplittableRandom random = new SplittableRandom(7);
    List<BankOperation> history = new ArrayList<>();
    long[] money = {1_000, 1_000, 1_000, 1_000};
    long[] seen = money.clone();
    for (int i = 0; i < 30; i++) {
      int from = random.nextInt(4);
      int to = (from + 1 + random.nextInt(3)) % 4;
      long amount = 10L * (1 + random.nextInt(100));
      boolean isLong = i % period == 0;
      long called = 10L * (i + 1);
      history.add(transfer(called, isLong ? 500 + i : called + 5, from, to, amount));
      RandomBank.apply(new BankAction.Transfer("a" + from, "a" + to, amount), money);
      if (i < 20 && (!isLong || i % 2 == 1)) {
        RandomBank.apply(new BankAction.Transfer("a" + from, "a" + to, amount), seen);
      }
    }
    seen[2] += moved;
    seen[3] -= moved;
    history.add(read(1, 600, seen));
    history.add(read(700, 701, money));
    return history;
  }

  @Test
  void a_first_read_that_some_transfers_overlap_is_judged_also_if_the_last_one_was_long() {
    for (long moved = 0; moved < 2; moved++) {
      List<BankOperation> history = longFirstRead(10, moved);
      long[] seen = balances(history.get(history.size() - 1));
      for (int i = 0; i < 30; i++) {
        BankOperation transfer =
            transfer(1_000L + 10L * i, 1_005L + 10L * i, i % 4, (i + 1) % 4, 50L + i);
        history.add(transfer);
        if (i < 13) {
          RandomBank.apply((BankAction.Transfer) transfer.action(), seen);
        }
      }
      history.add(read(800, 2_000, seen));
      assertThat(verdict(history)).isEqualTo(moved == 0 ? Verdict.VALID : Verdict.INVALID);
    }
  }

  /** More sets are possible than are tried. */
  @Test
  void a_first_read_that_has_seen_those_answered_first_is_explained_at_once() {
    List<BankOperation> history = new ArrayList<>();
    long[] money = {1_000, 1_000, 1_000, 1_000};
    long[] seen = money.clone();
    for (int i = 0; i < 30; i++) {
      BankOperation transfer = transfer(10L + i, 590L - i, i % 4, (i + 1) % 4, 50L + (long) i * i);
      history.add(transfer);
      RandomBank.apply((BankAction.Transfer) transfer.action(), money);
      if (i >= 13) {
        RandomBank.apply((BankAction.Transfer) transfer.action(), seen);
      }
    }
    history.add(read(1, 600, seen));
    history.add(read(700, 701, money));
    assertThat(new BankOrder(history, Budget.DEFAULT, Direction.FORWARDS).run())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void random_histories_are_decided_and_changed_ones_judged_as_by_every_order() {
    int broken = 0;
    for (long seed = 0; seed < 6_000; seed++) {
      RandomBank bank = new RandomBank(seed, 3, 3, 3, seed % 3 == 0 ? 0.4 : 0.15);
      List<BankOperation> sound = bank.draw(7);
      if (seed % 2 == 1) {
        sound.remove(0);
      }
      assertThat(verdict(sound)).as("seed %d: %s", seed, sound).isEqualTo(Verdict.VALID);
      List<BankOperation> changed = bank.withOneChange(sound);
      boolean expected = RandomBank.hasOrder(changed, null);
      assertThat(verdict(changed))
          .as("seed %d: %s", seed, changed)
          .isEqualTo(expected ? Verdict.VALID : Verdict.INVALID);
      for (Direction direction : Direction.values()) {
        for (int unknownMax = 0; unknownMax < 3; unknownMax++) {
          assertThat(new BankOrder(changed, Budget.DEFAULT, direction, unknownMax).run())
              .as("seed %d, %s, at most %d: %s", seed, direction, unknownMax, changed)
              .isNotEqualTo(expected ? Verdict.INVALID : Verdict.VALID);
        }
      }
      broken += expected ? 0 : 1;
    }
    assertThat(broken).isGreaterThan(1_000);
  }

  @Test
  void long_histories_with_many_unknown_outcomes_are_decided() {
    List<BankOperation> sound = new RandomBank(3, 8, 10, 60, 0.01).draw(4_000);
    assertThat(sound.stream().filter(o -> o.status() == Status.UNKNOWN).count()).isGreaterThan(15);
    assertThat(verdict(sound)).isEqualTo(Verdict.VALID);
  }

  /** Backwards unknown outcomes are within reach from the beginning, which is too much here. */
  @Test
  void a_search_that_gives_up_backwards_is_repeated_forwards() {
    Budget budget = Budget.ofSteps(20_000);
    RandomBank bank = new RandomBank(0, 12, 10, 60, 0.02);
    List<BankOperation> history = bank.draw(1_200);
    history.remove(0);
    history.add(read(1_000_000, 1_000_001, bank.money));
    assertThat(new BankOrder(history, budget, Direction.BACKWARDS).run())
        .isEqualTo(Verdict.UNDECIDED);

    assertThat(BankOrder.search(history, budget).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void a_search_that_gives_up_forwards_is_repeated_backwards() {
    Budget budget = Budget.ofSteps(200_000);
    List<BankOperation> history = longFirstRead(1, 0);
    for (int i = 0; i < 40; i++) {
      history.add(transfer(601 + i, Span.NEVER, 0, 1, 5_000 + i));
    }
    assertThat(new BankOrder(history, budget, Direction.FORWARDS).run())
        .isEqualTo(Verdict.UNDECIDED);

    assertThat(BankOrder.search(history, budget).verdict()).isEqualTo(Verdict.VALID);
  }

  /** A serial bank with clients that take turns at random. */
  private static final class RandomBank {
    private static final class Pending {
      final long called;
      final BankAction action;
      boolean done;

      Pending(long called, BankAction action) {
        this.called = called;
        this.action = action;
      }
    }

    private final SplittableRandom random;
    private final int clients;
    private final int amountMax;
    private final double unknownChance;
    private final long[] money;
    private final List<BankOperation> history = new ArrayList<>();

    RandomBank(long seed, int clients, int accounts, int amountMax, double unknownChance) {
      random = new SplittableRandom(seed);
      this.clients = clients;
      this.amountMax = amountMax;
      this.unknownChance = unknownChance;
      money = new long[accounts];
    }

    List<BankOperation> draw(int count) {
      history.add(read(1, 2, money));
      Pending[] pending = new Pending[clients];
      for (long clock = 3; history.size() < count; clock++) {
        int client = random.nextInt(clients);
        Pending own = pending[client];
        if (own == null) {
          pending[client] = new Pending(clock, drawAction());
        } else if (!own.done) {
          own.done = true;
          pending[client] = carryOut(own);
        } else {
          history.add(
              new BankOperation(new Span(client, own.called, clock), Status.OK, own.action));
          pending[client] = null;
        }
      }
      for (Pending own : pending) {
        if (own != null && own.action instanceof BankAction.Transfer) {
          history.add(
              new BankOperation(new Span(0, own.called, Span.NEVER), Status.UNKNOWN, own.action));
        }
      }
      return history;
    }

    private BankAction drawAction() {
      if (random.nextDouble() < 0.3) {
        return new BankAction.ReadAll(new TreeMap<>());
      }
      int from = random.nextInt(money.length);
      int to = (from + 1 + random.nextInt(money.length - 1)) % money.length;
      return new BankAction.Transfer("a" + from, "a" + to, 1L + random.nextInt(amountMax));
    }

    private @Nullable Pending carryOut(Pending own) {
      if (own.action instanceof BankAction.ReadAll) {
        Pending read =
            new Pending(own.called, new BankAction.ReadAll(BankOrderTest.balances(money)));
        read.done = true;
        return read;
      }
      boolean lost = random.nextDouble() < unknownChance;
      if (!lost || random.nextDouble() < 0.5) {
        apply((BankAction.Transfer) own.action, money);
      }
      if (lost) {
        history.add(
            new BankOperation(new Span(0, own.called, Span.NEVER), Status.UNKNOWN, own.action));
      }
      return lost ? null : own;
    }

    private static void apply(BankAction.Transfer transfer, long[] money) {
      money[Integer.parseInt(transfer.from().substring(1))] -= transfer.amount();
      money[Integer.parseInt(transfer.to().substring(1))] += transfer.amount();
    }

    /** One unit moved in a read, or an unknown outcome of a later call. */
    List<BankOperation> withOneChange(List<BankOperation> sound) {
      List<BankOperation> changed = new ArrayList<>(sound);
      int at = random.nextInt(changed.size());
      BankOperation operation = changed.get(at);
      if (operation.action() instanceof BankAction.ReadAll read) {
        SortedMap<String, Long> balances = new TreeMap<>(read.balances());
        balances.merge("a0", 1L, Long::sum);
        balances.merge("a1", -1L, Long::sum);
        changed.set(
            at,
            new BankOperation(
                operation.span(), operation.status(), new BankAction.ReadAll(balances)));
      } else if (operation.status() == Status.UNKNOWN) {
        long called = operation.span().called() + 1 + random.nextInt(20);
        changed.set(
            at,
            new BankOperation(new Span(0, called, Span.NEVER), Status.UNKNOWN, operation.action()));
      }
      return changed;
    }

    /**
     * Tries every order and every choice.
     *
     * @param money null before the first read: nobody knows
     */
    static boolean hasOrder(List<BankOperation> left, long @Nullable [] money) {
      if (left.stream().allMatch(operation -> operation.status() == Status.UNKNOWN)) {
        return true;
      }
      for (BankOperation candidate : left) {
        boolean fits = left.stream().noneMatch(other -> other.span().isBefore(candidate.span()));
        long @Nullable [] after = money == null ? null : money.clone();
        if (candidate.action() instanceof BankAction.ReadAll) {
          long[] found = BankOrderTest.balances(candidate);
          fits &= after == null || Arrays.equals(found, after);
          after = found;
        } else if (after != null) {
          apply((BankAction.Transfer) candidate.action(), after);
        }
        if (fits) {
          List<BankOperation> rest = new ArrayList<>(left);
          rest.remove(candidate);
          if (hasOrder(rest, after)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
