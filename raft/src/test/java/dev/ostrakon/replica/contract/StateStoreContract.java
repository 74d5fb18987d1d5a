package dev.ostrakon.replica.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Lookup;
import dev.ostrakon.replica.StateStore.MergedScan;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link StateStore}. */
public abstract class StateStoreContract {

  protected final TestOwner owner = new TestOwner();
  private StateStore store;

  /** A new, empty store, not yet recovered. */
  protected abstract StateStore create();

  /** Another new, empty store, not yet recovered, that lives beside the first. */
  protected abstract StateStore createSecond();

  /** The same store as a restarted replica finds it, not yet recovered. */
  protected abstract StateStore reopen(StateStore before);

  @BeforeEach
  void openEmpty() {
    store = create();
    assertThat(store.recover()).isEqualTo(new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY));
  }

  @Test
  void written_value_is_found_at_once() {
    put("a", "1");
    assertThat(store.lookup(bytes("a")).value()).isEqualTo(bytes("1"));
    put("a", "2");
    assertThat(store.lookup(bytes("a")).value()).isEqualTo(bytes("2"));
    store.delete(bytes("a"));
    assertThat(store.lookup(bytes("a"))).isSameAs(Lookup.ABSENT);
  }

  @Test
  void empty_value_is_a_value() {
    put("a", "");
    checkpoint(1);
    store = reopen(store);
    store.recover();
    assertThat(get("a")).isEqualTo("");
  }

  @Test
  void value_of_one_zero_byte_is_a_value() {
    Bytes value = Bytes.wrap(new byte[] {0});
    store.put(bytes("a"), value);
    assertThat(store.lookup(bytes("a")).value()).isEqualTo(value);
    checkpoint(1);
    store = reopen(store);
    store.recover();
    assertThat(scanAll()).containsEntry("a", value.toUtf8());
  }

  @Test
  void only_what_was_checkpointed_survives_a_restart() {
    put("a", "1");
    put("b", "1");
    checkpoint(5);
    put("a", "2");
    store.delete(bytes("b"));

    store = reopen(store);
    assertThat(store.recover()).isEqualTo(metadata(5));
    assertThat(scanAll()).containsExactly(Map.entry("a", "1"), Map.entry("b", "1"));
  }

  @Test
  void loaded_keys_are_known_until_the_callback_returns_whether_they_exist_or_not() {
    put("a", "1");
    checkpoint(1);
    store = reopen(store);
    store.recover();
    assertThat(store.lookup(bytes("a")).isOnDisk()).isTrue();

    List<Lookup> seen = new ArrayList<>();
    TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
    store.load(
        List.of(bytes("a"), bytes("none")),
        Recording.of(
            outcome,
            () -> {
              seen.add(store.lookup(bytes("a")));
              seen.add(store.lookup(bytes("none")));
            }));
    assertThat(seen).isEmpty();
    owner.runUntil(outcome::isDone);
    assertThat(seen.get(0).value()).isEqualTo(bytes("1"));
    assertThat(seen.get(1)).isSameAs(Lookup.ABSENT);
  }

  @Test
  void write_while_a_load_is_under_way_wins() {
    put("a", "old");
    put("b", "old");
    checkpoint(1);
    store = reopen(store);
    store.recover();

    List<Lookup> seen = new ArrayList<>();
    TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
    store.load(
        List.of(bytes("a"), bytes("b")),
        Recording.of(
            outcome,
            () -> {
              seen.add(store.lookup(bytes("a")));
              seen.add(store.lookup(bytes("b")));
            }));
    put("a", "new");
    store.delete(bytes("b"));
    owner.runUntil(outcome::isDone);
    assertThat(seen.get(0).value()).isEqualTo(bytes("new"));
    assertThat(seen.get(1)).isSameAs(Lookup.ABSENT);
  }

  @Test
  void load_across_checkpoints_never_brings_back_an_old_value() {
    put("a", "0");
    checkpoint(1);
    for (int round = 1; round < 20; round++) {
      TestOwner.Outcome<Void> loaded = new TestOwner.Outcome<>();
      store.load(List.of(bytes("a"), bytes("b")), loaded);
      put("a", "" + round);
      checkpoint(round * 2L);
      put("c", "" + round);
      checkpoint(round * 2L + 1);
      owner.runUntil(loaded::isDone);
      assertThat(get("a")).isEqualTo("" + round);
    }
  }

  @Test
  void loads_call_back_in_the_order_of_the_calls() {
    put("a", "1");
    checkpoint(1);
    store = reopen(store);
    store.recover();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      List<Bytes> keys = i % 2 == 0 ? List.of(bytes("a"), bytes("x" + i)) : List.of();
      store.load(keys, Recording.of(new TestOwner.Outcome<>(), () -> order.add(number)));
    }
    owner.runUntil(() -> order.size() == 20);
    assertThat(order).isSorted();
  }

  @Test
  void scan_shows_the_state_as_it_was_at_the_call() {
    put("a", "1");
    put("b", "1");
    put("c", "1");
    checkpoint(1);
    put("b", "2");
    store.delete(bytes("c"));
    put("d", "2");

    TestOwner.Outcome<ScanPage> outcome = new TestOwner.Outcome<>();
    store.scan(new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 100, 1 << 20), outcome);
    put("a", "3");
    put("e", "3");
    checkpoint(2);
    owner.runUntil(outcome::isDone);
    assertThat(outcome.result().rows())
        .containsExactly(row("a", "1"), row("b", "2"), row("d", "2"));
    assertThat(outcome.result().continuation()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void scan_respects_range_and_limits_and_says_where_to_go_on() {
    for (int i = 0; i < 10; i++) {
      put("k" + i, "v");
      if (i == 4) {
        checkpoint(1);
      }
    }
    ScanPage page = scan(bytes("k2"), bytes("k8"), 3, 1 << 20);
    assertThat(page.rows()).extracting(row -> row.key().toUtf8()).containsExactly("k2", "k3", "k4");
    page = scan(page.continuation(), bytes("k8"), 100, 1 << 20);
    assertThat(page.rows()).extracting(row -> row.key().toUtf8()).containsExactly("k5", "k6", "k7");
    assertThat(page.continuation()).isEqualTo(Bytes.EMPTY);
    assertThat(scan(bytes("k0"), Bytes.EMPTY, 100, 1).rows()).hasSize(1);
    assertThat(scan(bytes("x"), Bytes.EMPTY, 100, 100).rows()).isEmpty();
  }

  @Test
  void merged_scan_gives_several_ranges_in_the_order_behind_their_prefixes() {
    for (int i = 0; i < 9; i++) {
      put("abc".charAt(i % 3) + ":" + i, "v" + i);
      if (i == 4) {
        checkpoint(1);
      }
    }
    put("b:", "first");
    put("d:1", "another range");
    store.delete(bytes("c:5"));

    assertThat(mergedKeys(merged("", "", 100, 1 << 20)))
        .containsExactly("b:", "a:0", "b:1", "c:2", "a:3", "b:4", "a:6", "b:7", "c:8");
    assertThat(mergedKeys(merged("3", "8", 100, 1 << 20)))
        .containsExactly("a:3", "b:4", "a:6", "b:7");
    ScanPage page = merged("", "", 4, 1 << 20);
    assertThat(mergedKeys(page)).containsExactly("b:", "a:0", "b:1", "c:2");
    assertThat(mergedKeys(merged(page.continuation().toUtf8(), "", 100, 1 << 20)))
        .startsWith("a:3");
    assertThat(merged("", "", 100, 1).rows()).hasSize(1);
  }

  @Test
  void merged_scan_shows_the_state_as_it_was_at_the_call() {
    put("a:1", "1");
    put("b:2", "1");
    checkpoint(1);
    put("c:3", "1");
    TestOwner.Outcome<ScanPage> outcome = new TestOwner.Outcome<>();
    store.scanMerged(mergedScan("", "", 100, 1 << 20), outcome);
    put("a:1", "2");
    put("b:4", "2");
    store.delete(bytes("b:2"));
    checkpoint(2);
    owner.runUntil(outcome::isDone);

    assertThat(outcome.result().rows())
        .containsExactly(row("a:1", "1"), row("b:2", "1"), row("c:3", "1"));
  }

  /** What only deletes is not counted: else a reader could not go on. */
  @Test
  void a_page_that_has_a_continuation_has_rows() {
    for (int i = 1_000; i < 3_000; i++) {
      put("a:" + i, "v");
    }
    checkpoint(1);
    for (int i = 1_000; i < 2_800; i++) {
      store.delete(bytes("a:" + i));
    }
    put("a:2999", "last");

    Bytes from = Bytes.EMPTY;
    int found = 0;
    do {
      ScanPage page = merged(from.toUtf8(), "", 300, 1 << 20);
      assertThat(page.rows()).isNotEmpty();
      found += page.rows().size();
      from = page.continuation();
    } while (!from.isEmpty());
    assertThat(found).isEqualTo(200);
  }

  @Test
  void state_goes_on_while_a_checkpoint_is_written() {
    put("a", "1");
    TestOwner.Outcome<Void> checkpoint = new TestOwner.Outcome<>();
    store.checkpoint(metadata(1), checkpoint);
    assertThat(store.lookup(bytes("a")).isOnDisk() || get("a").equals("1")).isTrue();
    put("a", "2");
    put("b", "2");
    assertThat(get("a")).isEqualTo("2");
    owner.runUntil(checkpoint::isDone);
    checkpoint.result();
    assertThat(scanAll()).containsExactly(Map.entry("a", "2"), Map.entry("b", "2"));

    store = reopen(store);
    assertThat(store.recover()).isEqualTo(metadata(1));
    assertThat(scanAll()).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void overlay_grows_with_changes_and_is_emptied_by_a_checkpoint() {
    assertThat(store.overlayBytes()).isZero();
    store.put(bytes("a"), Bytes.wrap(new byte[1000]));
    long one = store.overlayBytes();
    assertThat(one).isBetween(1000L, 2000L);
    store.put(bytes("a"), Bytes.wrap(new byte[1000]));
    assertThat(store.overlayBytes()).isEqualTo(one);
    checkpoint(1);
    assertThat(store.overlayBytes()).isZero();
  }

  @Test
  void empty_checkpoint_moves_the_metadata() {
    checkpoint(3);
    store = reopen(store);
    assertThat(store.recover()).isEqualTo(metadata(3));
  }

  @Test
  void snapshot_shows_the_newest_checkpoint_and_survives_later_ones() {
    put("a", "1");
    checkpoint(1);
    put("b", "2");
    SnapshotReader reader = owner.await(store::openSnapshot);
    assertThat(reader.metadata()).isEqualTo(metadata(1));
    put("a", "3");
    checkpoint(2);
    StateStore second = createSecond();
    second.recover();
    install(second, reader, 7);
    assertThat(scanAll(second)).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void installed_snapshot_replaces_the_state_durably() {
    fill(1, 200);
    checkpoint(9);
    StateStore second = createSecond();
    second.recover();
    second.put(bytes("old"), bytes("x"));
    owner.<Void>await(callback -> second.checkpoint(metadata(2), callback));
    second.put(bytes("older"), bytes("x"));

    install(second, owner.await(store::openSnapshot), 100);
    assertThat(second.overlayBytes()).isZero();
    assertThat(scanAll(second)).isEqualTo(scanAll());
    second.put(bytes("k5"), bytes("after"));
    assertThat(get(second, "k5")).isEqualTo("after");

    StateStore reopened = reopen(second);
    assertThat(reopened.recover()).isEqualTo(metadata(9));
    assertThat(scanAll(reopened)).isEqualTo(scanAll());
  }

  @Test
  void unfinished_snapshot_is_invisible() {
    put("a", "1");
    checkpoint(1);
    SnapshotReader reader = owner.await(store::openSnapshot);
    Bytes part = owner.await(callback -> reader.next(10, callback));
    StateStore second = createSecond();
    second.recover();
    SnapshotWriter writer = owner.await(callback -> second.beginInstall(metadata(1), callback));
    owner.<Void>await(callback -> writer.append(part, callback));
    assertThat(scanAll(second)).isEmpty();
    StateStore reopened = reopen(second);
    assertThat(reopened.recover().index()).isZero();
    assertThat(scanAll(reopened)).isEmpty();
  }

  @Test
  void snapshot_that_was_cut_is_refused() {
    fill(1, 50);
    checkpoint(1);
    SnapshotReader reader = owner.await(store::openSnapshot);
    Bytes part = owner.await(callback -> reader.next(100, callback));
    StateStore second = createSecond();
    second.recover();
    SnapshotWriter writer = owner.await(callback -> second.beginInstall(metadata(1), callback));
    owner.<Void>await(callback -> writer.append(part, callback));
    assertThatThrownBy(() -> owner.<Void>await(writer::commit))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT));
  }

  @Test
  void aborted_and_superseded_snapshots_leave_no_trace() {
    fill(1, 50);
    checkpoint(4);
    StateStore second = createSecond();
    second.recover();
    SnapshotWriter first = owner.await(callback -> second.beginInstall(metadata(4), callback));
    owner.<SnapshotWriter>await(callback -> second.beginInstall(metadata(4), callback)).abort();
    first.abort();
    install(second, owner.await(store::openSnapshot), 64);
    assertThat(scanAll(second)).isEqualTo(scanAll());
  }

  @Test
  void snapshot_taken_over_while_a_checkpoint_runs_comes_after_it() {
    fill(1, 50);
    checkpoint(9);
    StateStore second = createSecond();
    second.recover();
    second.put(bytes("old"), bytes("x"));
    SnapshotReader reader = owner.await(store::openSnapshot);
    SnapshotWriter writer = transfer(second, reader, 1000);
    TestOwner.Outcome<Void> checkpointed = new TestOwner.Outcome<>();
    second.checkpoint(metadata(3), checkpointed);
    owner.<Void>await(writer::commit);
    assertThat(checkpointed.isDone()).isTrue();
    StateStore reopened = reopen(second);
    assertThat(reopened.recover()).isEqualTo(metadata(9));
    assertThat(scanAll(reopened)).isEqualTo(scanAll());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void random_operations_agree_with_a_map(long seed) {
    RandomSource random = new RandomSource(seed);
    TreeMap<String, String> model = new TreeMap<>();
    TreeMap<String, String> durable = new TreeMap<>();
    long index = 0;
    for (int step = 0; step < 400; step++) {
      String key = "key" + random.nextInt(60);
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> {
          put(key, "value" + step);
          model.put(key, "value" + step);
        }
        case 3 -> {
          store.delete(bytes(key));
          model.remove(key);
        }
        case 4, 5 -> assertThat(getOrNone(store, key)).isEqualTo(model.getOrDefault(key, "none"));
        case 6 -> assertThat(scanInPages(random)).isEqualTo(model);
        case 7 -> {
          index++;
          checkpoint(index);
          durable = new TreeMap<>(model);
        }
        default -> {
          if (random.chance(0.3)) {
            store = reopen(store);
            assertThat(store.recover().index()).isEqualTo(index);
            model = new TreeMap<>(durable);
          }
        }
      }
    }
    assertThat(scanAll()).isEqualTo(model);
  }

  private static MergedScan mergedScan(String from, String to, int maxKeys, int maxBytes) {
    List<Bytes> prefixes = List.of(bytes("a:"), bytes("b:"), bytes("c:"));
    return new MergedScan(prefixes, bytes(from), bytes(to), maxKeys, maxBytes);
  }

  private ScanPage merged(String from, String to, int maxKeys, int maxBytes) {
    MergedScan request = mergedScan(from, to, maxKeys, maxBytes);
    return owner.await(callback -> store.scanMerged(request, callback));
  }

  private static List<String> mergedKeys(ScanPage page) {
    return page.rows().stream().map(row -> row.key().toUtf8()).toList();
  }

  private Map<String, String> scanInPages(RandomSource random) {
    TreeMap<String, String> found = new TreeMap<>();
    Bytes from = Bytes.EMPTY;
    do {
      ScanPage page = scan(from, Bytes.EMPTY, 1 + random.nextInt(20), 1 + random.nextInt(500));
      page.rows().forEach(row -> found.put(row.key().toUtf8(), row.value().toUtf8()));
      from = page.continuation();
    } while (!from.isEmpty());
    return found;
  }

  private void install(StateStore target, SnapshotReader reader, int partBytes) {
    SnapshotWriter writer = transfer(target, reader, partBytes);
    owner.<Void>await(writer::commit);
  }

  private SnapshotWriter transfer(StateStore target, SnapshotReader reader, int partBytes) {
    SnapshotWriter writer =
        owner.await(callback -> target.beginInstall(reader.metadata(), callback));
    Bytes part = owner.await(callback -> reader.next(partBytes, callback));
    while (!part.isEmpty()) {
      Bytes received = part;
      owner.<Void>await(callback -> writer.append(received, callback));
      part = owner.await(callback -> reader.next(partBytes, callback));
    }
    reader.close();
    reader.close();
    return writer;
  }

  private void fill(int first, int last) {
    for (int i = first; i <= last; i++) {
      put("k" + i, "value of " + i);
    }
  }

  private void put(String key, String value) {
    store.put(bytes(key), bytes(value));
  }

  private void checkpoint(long index) {
    owner.<Void>await(callback -> store.checkpoint(metadata(index), callback));
  }

  private String get(String key) {
    return get(store, key);
  }

  private String get(StateStore from, String key) {
    String value = getOrNone(from, key);
    assertThat(value).isNotEqualTo("none");
    return value;
  }

  private String getOrNone(StateStore from, String key) {
    Lookup lookup = from.lookup(bytes(key));
    if (lookup.isOnDisk()) {
      List<Lookup> seen = new ArrayList<>();
      TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
      from.load(
          List.of(bytes(key)), Recording.of(outcome, () -> seen.add(from.lookup(bytes(key)))));
      owner.runUntil(outcome::isDone);
      lookup = seen.get(0);
    }
    assertThat(lookup.isOnDisk()).isFalse();
    return lookup.isFound() ? lookup.value().toUtf8() : "none";
  }

  private Map<String, String> scanAll() {
    return scanAll(store);
  }

  private Map<String, String> scanAll(StateStore from) {
    ScanPage page =
        owner.await(
            callback ->
                from.scan(new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 1 << 20, 1 << 30), callback));
    TreeMap<String, String> found = new TreeMap<>();
    page.rows().forEach(row -> found.put(row.key().toUtf8(), row.value().toUtf8()));
    return found;
  }

  private ScanPage scan(Bytes from, Bytes to, int maxKeys, int maxBytes) {
    return owner.await(
        callback -> store.scan(new ScanRequest(from, to, maxKeys, maxBytes), callback));
  }

  private static SnapshotMetadata metadata(long index) {
    return new SnapshotMetadata(
        new EntryId(1, index),
        Membership.ofVoters(List.of(new ReplicaId(1), new ReplicaId(2), new ReplicaId(3))));
  }

  private static Row row(String key, String value) {
    return new Row(bytes(key), bytes(value));
  }

  private static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }
}
