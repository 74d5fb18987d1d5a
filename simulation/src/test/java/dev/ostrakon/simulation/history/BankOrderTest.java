package dev.ostrakon.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
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

  private static Verdict verdict(List<BankOperation> history) {
    return new BankOrder(history, Budget.DEFAULT).run();
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
  void random_histories_are_decided_and_changed_ones_judged_as_by_every_order() {
    int broken = 0;
    for (long seed = 0; seed < 3_000; seed++) {
      RandomBank bank = new RandomBank(seed, 3, 3, 3, 0.15);
      List<BankOperation> sound = bank.draw(7);
      assertThat(verdict(sound)).as("seed %d: %s", seed, sound).isEqualTo(Verdict.VALID);
      List<BankOperation> changed = bank.withOneUnitMoved(sound);
      boolean expected = RandomBank.hasOrder(changed);
      assertThat(verdict(changed) == Verdict.VALID)
          .as("seed %d: %s", seed, changed)
          .isEqualTo(expected);
      broken += expected ? 0 : 1;
    }
    assertThat(broken).isGreaterThan(500);
  }

  @Test
  void long_histories_with_many_unknown_outcomes_are_decided() {
    List<BankOperation> sound = new RandomBank(3, 8, 10, 60, 0.01).draw(4_000);
    assertThat(sound.stream().filter(o -> o.status() == Status.UNKNOWN).count()).isGreaterThan(15);
    assertThat(verdict(sound)).isEqualTo(Verdict.VALID);
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

    private final RandomSource random;
    private final int clients;
    private final int amountMax;
    private final double unknownChance;
    private final long[] money;
    private final List<BankOperation> history = new ArrayList<>();

    RandomBank(long seed, int clients, int accounts, int amountMax, double unknownChance) {
      random = new RandomSource(seed);
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
      if (random.chance(0.3)) {
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
      boolean lost = random.chance(unknownChance);
      if (!lost || random.chance(0.5)) {
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

    List<BankOperation> withOneUnitMoved(List<BankOperation> sound) {
      List<BankOperation> changed = new ArrayList<>(sound);
      int at = 1 + random.nextInt(changed.size() - 1);
      BankOperation operation = changed.get(at);
      if (operation.action() instanceof BankAction.ReadAll read) {
        SortedMap<String, Long> balances = new TreeMap<>(read.balances());
        balances.merge("a0", 1L, Long::sum);
        balances.merge("a1", -1L, Long::sum);
        changed.set(
            at,
            new BankOperation(
                operation.span(), operation.status(), new BankAction.ReadAll(balances)));
      }
      return changed;
    }

    /** Tries every order and every choice; the first operation is a read before all others. */
    static boolean hasOrder(List<BankOperation> history) {
      long[] start =
          ((BankAction.ReadAll) history.get(0).action())
              .balances().values().stream().mapToLong(Long::longValue).toArray();
      return hasOrder(history, start);
    }

    private static boolean hasOrder(List<BankOperation> left, long[] money) {
      if (left.stream().allMatch(operation -> operation.status() == Status.UNKNOWN)) {
        return true;
      }
      for (BankOperation candidate : left) {
        long[] after = money.clone();
        boolean fits = left.stream().noneMatch(other -> other.span().isBefore(candidate.span()));
        if (candidate.action() instanceof BankAction.Transfer transfer) {
          apply(transfer, after);
        } else {
          fits &=
              ((BankAction.ReadAll) candidate.action())
                  .balances()
                  .equals(BankOrderTest.balances(after));
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
