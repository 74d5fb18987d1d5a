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
   * What the comparison of clocks is for: without it, the group's clock follows and stays ahead.
   */
  @Test
  void a_node_that_believes_its_own_clock_drags_its_group_along() {
    StoreScenario store = StoreScenario.together(false, 1);

    // Refused as WINDOW_PASSED, which says nothing about what became of the request.
    assertThat(jumpAndMend(store, HOUR_MILLIS)).isInstanceOf(StoreEnding.Unknown.class);
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
