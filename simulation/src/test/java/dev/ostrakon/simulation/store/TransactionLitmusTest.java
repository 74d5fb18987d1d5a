package dev.ostrakon.simulation.store;

import static dev.ostrakon.simulation.store.StoreScenario.append;
import static dev.ostrakon.simulation.store.StoreScenario.isThen;
import static dev.ostrakon.simulation.store.StoreScenario.put;
import static dev.ostrakon.simulation.store.StoreScenario.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.simulation.store.StoreScenario.Pending;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What orders have to agree, whatever is held back on its way. Clocks differ by so much (L-6). */
final class TransactionLitmusTest {

  private static StoreScenario scenario(int groups, long seed, int clockMillis) {
    StoreScenario store = StoreScenario.apart(groups, 3, seed);
    for (int group = 1; group <= groups; group += 2) {
      for (int node : store.nodesOfGroup(group)) {
        store.store().walls().set(node, clockMillis);
      }
    }
    return store;
  }

  /** Puts to both, and the second group does not hear of the outcome. */
  private static List<Runnable> withOutcomeHeld(StoreScenario store, Key first, Key second) {
    List<Runnable> held = store.hold(ParticipantCall.Kind.APPLY, 2);
    store.run(0, put(first, "T"), put(second, "T"));
    return held;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 300, -300})
  void L_1_whoever_has_seen_a_transaction_comes_after_it_elsewhere(int clockMillis) {
    StoreScenario store = scenario(2, 1, clockMillis);
    Key first = store.key(1, "a");
    Key second = store.key(2, "b");
    store.run(0, put(first, "0"), put(second, "0"));
    List<Runnable> held = withOutcomeHeld(store, first, second);
    assertThat(store.get(1, first)).isEqualTo("T");

    Pending write = store.begin(1, Transaction.of(List.of(append(second, "+"))));
    Pending read = store.beginRead(2, second);
    store.sleepMillis(1_000);
    assertThat(write.isDone()).isFalse();
    assertThat(read.isDone()).isFalse();

    store.release(held);
    StoreScenario.committed(store.await(write));
    assertThat(texts(store.await(read)).get(0)).startsWith("T");
    assertThat(store.get(1, second)).isEqualTo("T+");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void L_2_the_same_over_intermediate_transactions(int groups) {
    StoreScenario store = scenario(groups, 1, 200);
    Key first = store.key(1, "a");
    Key second = store.key(2, "b");
    List<Runnable> held = withOutcomeHeld(store, first, second);
    Key last = first;
    for (int group = 3; group <= groups; group++) {
      Key next = store.key(group, "c");
      StoreEnding.Committed told =
          store.run(1, new Operation.Get(last), append(last, "."), put(next, "seen"));
      assertThat(texts(told).get(0)).isIn("T", "seen");
      last = next;
    }
    assertThat(store.get(2, last)).isEqualTo("seen");

    Pending write = store.begin(3, Transaction.of(List.of(append(second, "+"))));
    store.sleepMillis(500);
    assertThat(write.isDone()).isFalse();
    store.release(held);
    StoreScenario.committed(store.await(write));
    assertThat(store.get(3, second)).isEqualTo("T+");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void L_3_nobody_sees_what_came_later_without_what_was_answered_before(long seed) {
    StoreScenario store = scenario(2, seed, -300);
    for (int round = 0; round < 50; round++) {
      Key before = store.key(1, "x" + round + "-");
      Key after = store.key(2, "y" + round + "-");
      List<Pending> reads = new ArrayList<>();
      Pending first = store.begin(0, Transaction.of(List.of(put(before, "1"))));
      while (!first.isDone()) {
        beginRead(store, reads, after, before);
      }
      Pending second = store.begin(0, Transaction.of(List.of(put(after, "1"))));
      while (!second.isDone()) {
        beginRead(store, reads, after, before);
      }
      for (Pending read : reads) {
        List<String> seen = texts(store.await(read));
        assertThat(seen.get(0).isEmpty() || !seen.get(1).isEmpty()).isTrue();
      }
    }
  }

  private static void beginRead(StoreScenario store, List<Pending> reads, Key... keys) {
    if (reads.size() < 15) {
      reads.add(store.beginRead(1 + reads.size(), keys));
    }
    store.sleepMillis(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void L_4_two_readers_agree_on_the_order_of_two_writes(long seed) {
    StoreScenario store = scenario(2, seed, 300);
    for (int round = 0; round < 50; round++) {
      Key one = store.key(1, "x" + round + "-");
      Key other = store.key(2, "y" + round + "-");
      List<Pending> writes =
          List.of(
              store.begin(0, Transaction.of(List.of(put(one, "1")))),
              store.begin(1, Transaction.of(List.of(put(other, "1")))));
      List<Pending> reads = new ArrayList<>();
      for (int client = 2; client < 10; client++) {
        reads.add(
            store.beginRead(client, client % 2 == 0 ? one : other, client % 2 == 0 ? other : one));
        store.sleepMillis(store.random().nextInt(2));
      }
      boolean oneFirst = false;
      boolean otherFirst = false;
      for (int i = 0; i < reads.size(); i++) {
        List<String> seen = texts(store.await(reads.get(i)));
        String x = seen.get(i % 2);
        String y = seen.get(1 - i % 2);
        oneFirst |= !x.isEmpty() && y.isEmpty();
        otherFirst |= x.isEmpty() && !y.isEmpty();
      }
      assertThat(oneFirst && otherFirst).isFalse();
      writes.forEach(store::await);
    }
  }

  @Test
  void L_5_write_skew_is_impossible_under_the_interactive_api() {
    StoreScenario store = scenario(2, 1, 0);
    for (int round = 0; round < 20; round++) {
      Key one = store.key(1, "a" + round + "-");
      Key other = store.key(2, "b" + round + "-");
      HybridTimestamp version = store.run(0, put(one, "1"), put(other, "1")).outcome().timestamp();
      List<Condition> unchanged =
          List.of(new Condition.VersionIs(one, version), new Condition.VersionIs(other, version));
      Pending first = store.begin(0, new Transaction(unchanged, List.of(put(one, "0")), List.of()));
      Pending second =
          store.begin(1, new Transaction(unchanged, List.of(put(other, "0")), List.of()));
      assertThat(isThen(store.await(first)) ^ isThen(store.await(second))).isTrue();
      assertThat(store.read(0, one, other)).containsOnlyOnce("0");
    }
  }

  @Test
  void L_5_predicate_write_skew_is_impossible_too() {
    StoreScenario store = scenario(2, 1, 0);
    for (int round = 0; round < 20; round++) {
      Key one = store.key(1, "a" + round + "-");
      Key other = store.key(2, "b" + round + "-");
      List<Condition> nobody = List.of(new Condition.Missing(one), new Condition.Missing(other));
      Pending first = store.begin(0, new Transaction(nobody, List.of(put(one, "x")), List.of()));
      Pending second = store.begin(1, new Transaction(nobody, List.of(put(other, "x")), List.of()));
      assertThat(isThen(store.await(first)) ^ isThen(store.await(second))).isTrue();
    }
  }

  @Test
  void L_11_a_deposed_leader_serves_no_read() {
    StoreScenario store = scenario(1, 1, 0);
    Key key = store.key(1, "k");
    store.run(0, put(key, "old"));
    int leader = store.leaderOf(1);
    store.cut(List.of(leader));
    store.confine(1, List.of(leader));
    store.awaitLeaderBut(1, leader);
    store.run(0, put(key, "new"));

    Pending read = store.beginRead(1, key);
    store.sleepMillis(3_000);
    assertThat(read.isDone()).isFalse();
    store.mend(List.of(leader));
    store.release(1);
    assertThat(texts(store.await(read))).containsExactly("new");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void L_13_a_hundred_transactions_on_one_key_all_finish(long seed) {
    StoreScenario store = scenario(3, seed, 300);
    Key hot = store.key(1, "hot");
    List<Key> others = List.of(store.key(2, "b"), store.key(3, "c"));
    store.run(0, put(hot, "0"));
    for (int round = 0; round < 5; round++) {
      List<Pending> pending = new ArrayList<>();
      for (int client = 0; client < 20; client++) {
        Operation own = new Operation.Add(hot, 1, client % 3 == 0);
        Operation other = append(others.get(client % 2), ".");
        pending.add(
            store.begin(
                client,
                Transaction.of(client % 2 == 0 ? List.of(own, other) : List.of(other, own))));
      }
      int victim = store.leaderOf(1 + round % 3);
      store.sleepMillis(store.random().nextInt(5));
      store.crash(victim);
      pending.forEach(each -> StoreScenario.committed(store.await(each)));
      store.restart(victim);
      store.awaitServing();
    }
    assertThat(store.get(0, hot)).isEqualTo("100");
    assertThat(store.get(0, others.get(0)).length() + store.get(0, others.get(1)).length())
        .isEqualTo(100);
    store.awaitQuiet();
  }

  @Test
  void L_14_a_group_without_a_majority_delays_only_what_needs_it() {
    StoreScenario store = scenario(3, 1, 0);
    Key first = store.key(1, "a");
    Key second = store.key(2, "b");
    Key third = store.key(3, "c");
    List<Integer> down = store.nodesOfGroup(3).subList(0, 2);
    down.forEach(store::crash);
    Pending stuck =
        store.begin(9, Transaction.of(List.of(put(store.key(1, "s"), "x"), put(third, "x"))));
    store.sleepMillis(100);

    long start = store.nowNanos();
    for (int i = 0; i < 20; i++) {
      store.run(0, append(first, "."), append(second, "."));
    }
    assertThat(store.nowNanos() - start).isLessThan(20 * 50 * StoreScenario.MILLISECOND);
    assertThat(stuck.isDone()).isFalse();

    down.forEach(store::restart);
    StoreScenario.committed(store.await(stuck));
    assertThat(store.get(0, third)).isEqualTo("x");
    store.awaitQuiet();
  }
}
