package dev.ostrakon.simulation.store;

import static dev.ostrakon.simulation.store.StoreScenario.append;
import static dev.ostrakon.simulation.store.StoreScenario.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.GroupRules;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.simulation.store.StoreScenario.Pending;
import dev.ostrakon.txn.TxnReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leaders and coordinators that die between two steps, and calls that come too late. */
final class CoordinatorDeathTest {

  private final StoreScenario store = StoreScenario.apart(2, 3, 1);
  private final Key first = store.key(1, "a");
  private final Key second = store.key(2, "b");

  /**
   * The second group's clock is ahead of the coordinator's, and its key was touched: it proposes a
   * later place.
   */
  private void forceTheSlowPath() {
    store.coordinateOn(1, 0);
    store.nodesOfGroup(2).forEach(node -> store.store().walls().set(node, 300));
    store.run(0, put(second, "0"));
  }

  private Pending beginBoth() {
    return store.begin(1, Transaction.of(List.of(append(first, "x"), append(second, "x"))));
  }

  private void expectOnceEverywhere() {
    store.awaitServing();
    assertThat(store.get(2, first)).isEqualTo("x");
    assertThat(store.get(2, second)).isEqualTo("0x");
    store.awaitQuiet();
  }

  @ParameterizedTest
  @CsvSource({"ORDER, 1", "ORDER, 2", "FINALISE, 1", "APPLY, 1", "APPLY, 2"})
  void L_7_a_leader_changes_before_a_step(ParticipantCall.Kind step, int group) {
    forceTheSlowPath();
    List<Runnable> held = store.hold(step, group);
    Pending pending = beginBoth();
    store.await("the step", () -> !held.isEmpty());
    int leader = store.leaderOf(group);
    store.crash(leader);
    store.sleepMillis(100);
    store.release(held);

    StoreScenario.committed(store.await(pending));
    store.restart(leader);
    expectOnceEverywhere();
  }

  @ParameterizedTest
  @EnumSource(names = {"ORDER", "FINALISE", "APPLY", "FORGET"})
  void L_8_a_coordinator_dies_at_a_step(ParticipantCall.Kind step) {
    forceTheSlowPath();
    List<Integer> dead = new ArrayList<>();
    store
        .store()
        .roads()
        .guard(
            (from, node, ask) -> {
              if (dead.isEmpty() && ask.call().kind() == step) {
                dead.add(from.node());
                store.store().later(0, () -> store.crash(from.node()));
              }
              return !dead.contains(from.node());
            });
    Pending pending = beginBoth();
    store.await("the step", () -> !dead.isEmpty());
    store.sleepMillis(10);
    store.store().roads().guard(StoreRoads.Gate.OPEN);

    store.await(pending);
    store.restart(dead.get(0));
    StoreScenario.committed(pending.ending());
    expectOnceEverywhere();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void L_8_recoveries_compete_with_each_other_and_with_a_slow_original(boolean isDelivered) {
    forceTheSlowPath();
    List<ParticipantCall.Order> orders = new ArrayList<>();
    List<Runnable> held = new ArrayList<>();
    store
        .store()
        .roads()
        .guard(
            (from, node, ask) -> {
              if (ask.call() instanceof ParticipantCall.Order order) {
                orders.add(order);
              }
              boolean isLate =
                  ask.call().kind()
                      == (isDelivered ? ParticipantCall.Kind.APPLY : ParticipantCall.Kind.FINALISE);
              if (isLate && held.size() < 2) {
                held.add(() -> store.store().roads().carry(from, node, ask));
                return false;
              }
              return true;
            });
    Pending pending = beginBoth();
    store.await("a step that is held", () -> !held.isEmpty());
    List<TxnReport> reports = new ArrayList<>();
    for (int node : List.of(0, 3, 4)) {
      recover(store, node, orders.get(0), reports);
    }
    store.await("reports", () -> reports.size() == 3);
    held.forEach(Runnable::run);

    StoreScenario.committed(store.await(pending));
    assertThat(reports)
        .allSatisfy(each -> assertThat(each).isInstanceOf(TxnReport.Committed.class));
    expectOnceEverywhere();
  }

  private static void recover(
      StoreScenario world, int node, ParticipantCall.Order order, List<TxnReport> reports) {
    StoreHost host = world.store().hostOn(node).orElseThrow();
    host.process()
        .run(
            () ->
                host.coordinators()
                    .recover(
                        order.request().id(),
                        order.request().issuedAt(),
                        order.participants(),
                        host.process().nowNanos() + 20_000 * StoreScenario.MILLISECOND,
                        reports::add));
  }

  @Test
  void L_10_an_order_that_comes_after_the_refusal_is_refused() {
    assertThat(valuesAfterALateOrder(StoreRules.STANDARD)).containsExactly("x", "x");
  }

  @Test
  void L_10_shows_if_refusals_are_not_recorded() {
    StoreRules broken =
        StoreRules.of(
            new GroupRules() {
              @Override
              public boolean recordsRefusals() {
                return false;
              }
            });

    assertThat(valuesAfterALateOrder(broken)).isNotEqualTo(List.of("x", "x"));
  }

  /** A recovery gives up what the second group has not heard of, and then its order arrives. */
  private static List<String> valuesAfterALateOrder(StoreRules rules) {
    StoreScenario world = StoreScenario.apart(2, 3, 1, rules);
    Key one = world.key(1, "a");
    Key other = world.key(2, "b");
    List<ParticipantCall.Order> orders = new ArrayList<>();
    List<Runnable> late = new ArrayList<>();
    world
        .store()
        .roads()
        .guard(
            (from, node, ask) -> {
              if (ask.group() == 2
                  && ask.call() instanceof ParticipantCall.Order order
                  && order.request().id().attempt() == 1) {
                orders.add(order);
                int leader = world.leaderOf(2);
                late.add(() -> world.store().roads().carry(from, leader, ask));
                return false;
              }
              return true;
            });
    world.coordinateOn(1, 0);
    Pending pending = world.begin(1, Transaction.of(List.of(append(one, "x"), append(other, "x"))));
    world.await("the order", () -> !late.isEmpty());
    world.sleepMillis(500); // The answer of the first group has arrived.
    List<TxnReport> reports = new ArrayList<>();
    recover(world, 4, orders.get(0), reports);
    world.await("the report", () -> !reports.isEmpty());
    assertThat(reports.get(0)).isInstanceOf(TxnReport.NotCommitted.class);
    late.get(0).run();

    StoreScenario.committed(world.await(pending));
    world.store().roads().guard(StoreRoads.Gate.OPEN);
    world.await("nothing pending", () -> world.store().pendingCount() == 0);
    return List.of(world.get(2, one), world.get(2, other));
  }

  @Test
  void L_10_an_order_that_comes_again_after_it_was_forgotten_changes_nothing() {
    store.run(0, put(second, "0"));
    List<Runnable> copies = new ArrayList<>();
    List<Integer> forgets = new ArrayList<>();
    store
        .store()
        .roads()
        .guard(
            (from, node, ask) -> {
              if (ask.call().kind() == ParticipantCall.Kind.ORDER) {
                copies.add(() -> store.store().roads().carry(from, node, ask));
              } else if (ask.call().kind() == ParticipantCall.Kind.FORGET) {
                forgets.add(ask.group());
              }
              return true;
            });
    StoreScenario.committed(store.await(beginBoth()));
    store.await("that it is forgotten", () -> forgets.containsAll(List.of(1, 2)));
    store.sleepMillis(1_000);
    copies.forEach(Runnable::run);
    store.sleepMillis(1_000);

    expectOnceEverywhere();
  }

  @Test
  void L_12_an_append_is_there_once_whatever_happens_between_its_retries() {
    Key key = store.key(1, "k");
    int endpoint = 6 + 1;
    for (int node = 0; node < 6; node++) {
      store.store().clientNetwork().cut(node, endpoint);
    }
    Pending pending = store.begin(1, Transaction.of(List.of(append(key, "x"))));
    store.sleepMillis(2_000);
    int leader = store.leaderOf(1);
    store.crash(leader);
    store.sleepMillis(5_000);
    store.restart(leader);
    store.restartAll();
    store.sleepMillis(3_000);
    assertThat(pending.isDone()).isFalse();
    store.release(1);

    StoreScenario.committed(store.await(pending));
    assertThat(store.get(2, key)).isEqualTo("x");
  }
}
