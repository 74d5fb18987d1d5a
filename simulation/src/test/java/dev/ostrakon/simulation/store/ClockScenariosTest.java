package dev.ostrakon.simulation.store;

import static dev.ostrakon.simulation.store.StoreScenario.isThen;
import static dev.ostrakon.simulation.store.StoreScenario.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that jumps by more than the window, and is mended: L-6 for what comes afterwards. */
final class ClockScenariosTest {
  private static final int HOUR_MILLIS = 3_600_000;

  private static StoreEnding transfer(StoreScenario store, String value) {
    Key first = store.key(1, "a");
    Key second = store.key(2, "b");
    return store.await(
        store.begin(0, Transaction.of(List.of(put(first, value), put(second, value)))));
  }

  /** All that a cluster serves while the clock of a leader is wrong, and once it is right again. */
  private static StoreEnding jumpAndMend(StoreScenario store, int millis) {
    transfer(store, "before");
    int leader = store.leaderOf(1);
    store.store().walls().set(leader, millis);
    for (int i = 0; i < 20; i++) {
      store.coordinateOn(0, i % 3);
      transfer(store, "during " + i);
      store.sleepMillis(50);
    }
    store.store().walls().set(leader, 0);
    store.coordinateOn(0, (leader + 1) % 3);
    return transfer(store, "after");
  }

  @ParameterizedTest
  @ValueSource(ints = {HOUR_MILLIS, -HOUR_MILLIS, 700_000, 20_000})
  void L_6_a_leader_whose_clock_jumps_leaves_no_trace(int millis) {
    StoreScenario store = StoreScenario.together(true, 1);

    assertThat(isThen(jumpAndMend(store, millis))).isTrue();
    assertThat(store.get(1, store.key(1, "a"))).isEqualTo("after");
    assertThat(store.get(1, store.key(2, "b"))).isEqualTo("after");
  }

  /**
   * What the comparison of clocks is for: without it, the group's clock follows and stays ahead. As
   * all nodes go on from there, it is served nevertheless.
   */
  @Test
  void a_node_that_believes_its_own_clock_drags_its_group_along() {
    StoreScenario store = StoreScenario.together(false, 1);

    assertThat(isThen(jumpAndMend(store, HOUR_MILLIS))).isTrue();
    assertThat(store.store().toldMillis() - store.store().walls().trueMillis())
        .isGreaterThan(HOUR_MILLIS - 10_000);
  }

  /** Two of three clocks are wrong for nine seconds, so all nodes follow them, and the groups. */
  private static void deceive(StoreScenario store) {
    transfer(store, "before");
    store.store().walls().set(0, HOUR_MILLIS);
    store.store().walls().set(1, HOUR_MILLIS);
    for (int i = 0; i < 9; i++) {
      transfer(store, "during " + i);
      store.sleepMillis(1_000);
    }
    assertThat(isThen(transfer(store, "deceived"))).isTrue();
    store.store().walls().heal();
    store.sleepMillis(1_000);
  }

  @Test
  void C4_after_a_majority_of_clocks_was_ahead_everything_goes_on_at_once() {
    StoreScenario store = StoreScenario.together(true, 3);
    deceive(store);

    for (int i = 0; i < 30; i++) {
      store.coordinateOn(0, i % 3);
      assertThat(isThen(transfer(store, "after " + i))).isTrue();
      store.sleepMillis(1_000);
    }
    assertThat(store.get(1, store.key(1, "a"))).isEqualTo("after 29");
  }

  @Test
  void C4_the_same_after_all_nodes_were_started_again() {
    StoreScenario store = StoreScenario.together(true, 4);
    deceive(store);
    store.restartAll();
    store.awaitServing();
    store.sleepMillis(2_000);

    assertThat(store.get(1, store.key(2, "b"))).isEqualTo("deceived");
    for (int i = 0; i < 30; i++) {
      store.coordinateOn(0, i % 3);
      assertThat(isThen(transfer(store, "after " + i))).isTrue();
      store.sleepMillis(1_000);
    }
    assertThat(store.get(1, store.key(1, "a"))).isEqualTo("after 29");
  }

  /** Of groups on nodes of their own only one was dragged along; the other's nodes hear of it. */
  @Test
  void C4_groups_whose_clocks_are_apart_serve_transactions_together() {
    StoreScenario store = StoreScenario.apart(2, 3, 5);
    transfer(store, "before");
    for (int node = 0; node < 3; node++) {
      store.store().walls().set(node, HOUR_MILLIS);
    }
    store.begin(1, Transaction.of(List.of(put(store.key(1, "c"), "dragged"))));
    store.sleepMillis(2_000);
    store.store().walls().heal();
    store.sleepMillis(1_000);

    for (int i = 0; i < 10; i++) {
      store.coordinateOn(0, i % 6);
      transfer(store, "after " + i);
    }
    store.coordinateOn(0, 4);
    assertThat(isThen(transfer(store, "last"))).isTrue();
  }

  @Test
  void L_6_a_node_that_starts_with_a_wrong_clock_leaves_no_trace() {
    StoreScenario store = StoreScenario.together(true, 2);
    for (int node = 0; node < 3; node++) {
      transfer(store, "before " + node);
      store.crash(node);
      store.store().walls().set(node, HOUR_MILLIS);
      store.restart(node);
      // The others fall silent, one after the other: the node with the wrong clock comes to lead.
      for (int other : List.of((node + 1) % 3, (node + 2) % 3)) {
        store.cut(List.of(other));
        transfer(store, "during " + node);
        store.mend(List.of(other));
      }
      store.store().walls().set(node, 0);
    }

    assertThat(isThen(transfer(store, "after"))).isTrue();
    assertThat(store.get(1, store.key(2, "b"))).isEqualTo("after");
  }
}
