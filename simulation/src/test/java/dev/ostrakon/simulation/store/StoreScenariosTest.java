package dev.ostrakon.simulation.store;

import static dev.ostrakon.simulation.store.StoreScenario.append;
import static dev.ostrakon.simulation.store.StoreScenario.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.store.StoreScenario.Pending;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios of one key-value group, of several groups that stand still, and of their disks. */
final class StoreScenariosTest {

  /** A log is compacted at such a size at the latest, in entries of the scenarios. */
  private static final long CHECKPOINT_ENTRIES = 20;

  @ParameterizedTest
  @ValueSource(longs = {20, 1_000_000})
  void K_A2_K_B3_sequential_appends_are_quick(long checkpointEntries) {
    StoreScenario store = StoreScenario.of(3, StoreScenario.checkpointing(checkpointEntries), 1);
    Key key = store.key(1, "k");
    StringBuilder expected = new StringBuilder();
    long start = store.nowNanos();

    for (int i = 0; i < 1_000; i++) {
      store.run(0, append(key, "x " + i + " y"));
      expected.append("x ").append(i).append(" y");
    }

    assertThat((store.nowNanos() - start) / 1_000).isLessThan(33_300_000);
    assertThat(store.get(0, key)).isEqualTo(expected.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void K_A5_appends_of_several_clients_to_one_key_are_there_once(long seed) {
    StoreScenario store = StoreScenario.of(3, ReplicaConfig.DEFAULTS, seed);
    store.changeNetwork(StoreScenario.UNRELIABLE);
    Key key = store.key(1, "k");

    for (int round = 0; round < 10; round++) {
      List<Pending> pending = new ArrayList<>();
      for (int client = 0; client < 5; client++) {
        Operation append = append(key, "x " + client + " " + round + " y");
        pending.add(store.begin(client, Transaction.of(List.of(append))));
      }
      pending.forEach(each -> StoreScenario.committed(store.await(each)));
    }

    String value = store.get(0, key);
    for (int client = 0; client < 5; client++) {
      int last = -1;
      for (int round = 0; round < 10; round++) {
        String element = "x " + client + " " + round + " y";
        assertThat(value.indexOf(element)).isGreaterThan(last);
        assertThat(value.lastIndexOf(element)).isEqualTo(value.indexOf(element));
        last = value.indexOf(element);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void K_A6_a_minority_completes_nothing_and_goes_on_after_healing(long seed) {
    StoreScenario store = StoreScenario.of(5, ReplicaConfig.DEFAULTS, seed);
    Key key = store.key(1, "k");
    store.run(0, put(key, "12"));
    int leader = store.leaderOf(1);
    List<Integer> minority = List.of(leader, (leader + 1) % 5);
    List<Integer> majority = List.of((leader + 2) % 5, (leader + 3) % 5, (leader + 4) % 5);
    store.cut(minority);
    store.confine(1, minority);
    store.confine(0, majority);

    store.run(0, put(key, "13"));
    assertThat(store.get(0, key)).isEqualTo("13");
    store.confine(2, minority);
    Pending write = store.begin(1, Transaction.of(List.of(put(key, "15"))));
    Pending read = store.beginRead(2, key);
    store.sleepMillis(1_000);
    assertThat(write.isDone()).isFalse();
    assertThat(read.isDone()).isFalse();
    store.run(0, put(key, "14"));

    store.mend(minority);
    store.release(1);
    store.release(2);
    store.await("the write of the minority", 10_000, write::isDone);
    store.await("the read of the minority", 10_000, read::isDone);
    assertThat(StoreScenario.texts(read.ending())).containsAnyOf("14", "15");
    assertThat(store.get(0, key)).isEqualTo("15");
  }

  @Test
  void K_B1_a_replica_that_was_away_is_caught_up_by_a_snapshot() {
    StoreScenario store = StoreScenario.of(3, StoreScenario.checkpointing(CHECKPOINT_ENTRIES), 1);
    int away = (store.leaderOf(1) + 1) % 3;
    store.cut(List.of(away));
    Key key = store.key(1, "k");
    for (int i = 0; i <= 50; i++) {
      store.run(0, put(store.key(1, "k" + i + "-"), "v" + i));
    }
    store.run(0, put(key, "last"));
    for (Member<?, ?> member : store.store().cluster().membersOf(1)) {
      assertThat(member.node() == away || member.disk().log().sizeBytes() < 16_000).isTrue();
    }

    store.mend(List.of(away));
    store.crash((away + 1) % 3);
    assertThat(store.get(0, key)).isEqualTo("last");
    store.restart((away + 1) % 3);
    store.awaitQuiet();

    assertThat(store.store().checker().snapshotsInstalledCount()).isPositive();
  }

  @Test
  void K_B2_log_and_snapshot_do_not_grow_with_the_number_of_writes() {
    StoreScenario store = StoreScenario.of(3, StoreScenario.checkpointing(CHECKPOINT_ENTRIES), 1);
    Key key = store.key(1, "k");
    store.run(0, put(key, "0"));
    store.awaitQuiet();
    for (int i = 0; i < 200; i++) {
      store.run(0, put(key, "a"));
      assertThat(store.get(0, key)).isEqualTo("a");
      store.run(0, put(key, "b"));
      assertThat(store.get(0, key)).isEqualTo("b");
    }
    for (Member<?, ?> member : store.store().cluster().membersOf(1)) {
      assertThat(member.disk().log().sizeBytes()).isLessThan(8_000);
      assertThat(member.disk().state().sizeBytes()).isLessThan(1_500);
    }
  }

  @Test
  void S_1_groups_that_are_up_serve_while_others_are_down() {
    StoreScenario store = StoreScenario.apart(2, 3, 1);
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Key key = store.key(1 + i % 2, "k" + i + "-");
      keys.add(key);
      store.run(0, put(key, "v" + i));
    }
    store.nodesOfGroup(2).forEach(store::crash);

    List<Pending> reads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      reads.add(store.beginRead(i, keys.get(i)));
    }
    store.sleepMillis(2_000);
    assertThat(reads.stream().filter(Pending::isDone).count()).isEqualTo(5);

    store.nodesOfGroup(2).forEach(store::restart);
    for (int i = 0; i < 10; i++) {
      assertThat(StoreScenario.texts(store.await(reads.get(i)))).containsExactly("v" + i);
    }
  }

  @Test
  void S_2_a_group_refuses_keys_that_it_does_not_own() {
    StoreScenario store = StoreScenario.apart(2, 3, 1);
    Key own = store.key(1, "k");
    Key foreign = store.key(2, "k");
    store.run(0, put(foreign, "x"));

    // Asks the wrong group as a client does that was told a wrong configuration.
    StoreProbe probe = new StoreProbe(store, 1);

    assertThat(probe.read(own)).startsWith("Done");
    assertThat(probe.read(foreign)).startsWith("Denied").contains("WRONG_GROUP");
    assertThat(probe.write(foreign)).startsWith("Denied").contains("WRONG_GROUP");
    assertThat(store.get(0, foreign)).isEqualTo("x");
  }

  @Test
  void S_4_D_1_everything_is_there_after_all_have_restarted() {
    StoreScenario store = StoreScenario.apart(3, 3, 1);
    for (int i = 0; i < 30; i++) {
      store.run(i % 5, put(store.key(1 + i % 3, "k" + i + "-"), "v" + i));
    }
    for (int node = 0; node < 9; node++) {
      store.crash(node);
    }
    Pending read = store.beginRead(0, store.key(1, "k0-"));
    store.sleepMillis(3_000);
    assertThat(read.isDone()).isFalse();

    store.restartAll();
    store.await(read);
    for (int i = 0; i < 30; i++) {
      assertThat(store.get(0, store.key(1 + i % 3, "k" + i + "-"))).isEqualTo("v" + i);
    }
    store.awaitQuiet();
  }

  @Test
  void D_2_each_replica_in_turn_is_down_while_writes_go_on() {
    StoreScenario store = StoreScenario.of(3, StoreScenario.checkpointing(CHECKPOINT_ENTRIES), 1);
    Key key = store.key(1, "k");
    StringBuilder expected = new StringBuilder();
    for (int node = 0; node < 3; node++) {
      store.crash(node);
      for (int i = 0; i < 30; i++) {
        store.run(0, append(key, node + "." + i + " "));
        expected.append(node).append('.').append(i).append(' ');
      }
      store.restart(node);
      store.awaitQuiet();
    }
    assertThat(store.get(0, key)).isEqualTo(expected.toString());
  }

  @Test
  void D_3_D_4_disks_hold_little_more_than_the_values() {
    StoreScenario store = StoreScenario.of(3, StoreScenario.checkpointing(CHECKPOINT_ENTRIES), 1);
    Key key = store.key(1, "k");
    Key list = store.key(1, "list");
    String thousand = "x".repeat(1_000);
    for (int i = 0; i < 110; i++) {
      store.run(0, put(key, thousand));
      store.run(0, append(key, "y"));
    }
    assertThat(diskBytes(store)).isLessThan(3 * (20 * 2_100 + 4_000));
    for (int i = 0; i < 20; i++) {
      store.run(0, append(list, thousand));
    }
    for (int i = 0; i < 40; i++) {
      store.run(0, put(key, "-"));
    }
    store.restartAll();
    store.awaitServing();
    assertThat(store.get(0, list)).hasSize(20_000);
    assertThat(diskBytes(store)).isLessThan(3 * 20 * 1_000 + 30_000);
  }

  private static long diskBytes(StoreScenario store) {
    return store.store().cluster().members().stream()
        .mapToLong(member -> member.disk().sizeBytes())
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void T_1_T_2_transactions_over_one_group_and_over_two(int groups) {
    StoreScenario store = StoreScenario.apart(groups, 3, 1);
    Key first = store.key(1, "a");
    Key second = store.key(groups, "b");
    Key missing = store.key(groups, "none");

    store.run(0, put(first, "1"), put(second, "2"));
    assertThat(store.read(0, first, second, missing)).containsExactly("1", "2", "");
    store.run(0, append(first, "x"), append(second, "y"));
    assertThat(store.read(1, first, second)).containsExactly("1x", "2y");
    // A swap is a transaction on what was read, if it is unchanged.
    assertThat(
            StoreScenario.isThen(
                store.await(store.begin(0, StoreProbe.swap(first, "1x", second, "2y")))))
        .isTrue();
    assertThat(store.read(1, first, second)).containsExactly("2y", "1x");
    assertThat(
            StoreScenario.isThen(
                store.await(store.begin(0, StoreProbe.swap(first, "1x", second, "2y")))))
        .isFalse();
    assertThat(store.read(1, first, second)).containsExactly("2y", "1x");
    assertThat(store.nowNanos()).isLessThan(10_000_000_000L);
  }

  @Test
  void T_3_without_a_way_between_two_groups_only_what_needs_both_waits() {
    StoreScenario store = StoreScenario.apart(2, 3, 1);
    Key first = store.key(1, "a");
    Key other = store.key(1, "other");
    Key second = store.key(2, "b");
    store.run(0, put(first, "1"), put(second, "2"));
    store.cut(store.nodesOfGroup(1));

    store.run(0, put(other, "3"), put(store.key(1, "c"), "4"));
    Pending both = store.begin(1, Transaction.of(List.of(put(first, "x"), put(second, "x"))));
    store.sleepMillis(5_000);
    assertThat(both.isDone()).isFalse();
    assertThat(store.get(0, other)).isEqualTo("3");

    store.mend(store.nodesOfGroup(1));
    StoreScenario.committed(store.await(both));
    assertThat(store.read(0, first, second)).containsExactly("x", "x");
    store.awaitQuiet();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void T_4_a_read_of_several_keys_sees_all_of_a_write_or_nothing(long seed) {
    StoreScenario store = StoreScenario.apart(2, 3, seed);
    for (int round = 0; round < 100; round++) {
      Key first = store.key(1, "k" + round + "-");
      Key second = store.key(2, "k" + round + "-");
      Pending write =
          store.begin(
              0, Transaction.of(List.of(put(first, "v" + round), put(second, "v" + round))));
      store.sleepMillis(store.random().nextInt(3));
      Pending read = store.beginRead(1, first, second);
      List<String> seen = StoreScenario.texts(store.await(read));
      assertThat(seen.get(0)).isEqualTo(seen.get(1));
      store.await(write);
    }
  }
}
