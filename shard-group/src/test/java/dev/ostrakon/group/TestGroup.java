package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.CommandBatch;
import dev.ostrakon.group.command.CommandCodec;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.ManualScheduler;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One replica's state machine with its log, over a state store that forgets on purpose. Every
 * command goes through its binary form; invariants are checked after every entry.
 */
final class TestGroup {
  private static final int TASKS_MAX = 10_000;
  private static final Membership MEMBERSHIP = Membership.EMPTY;

  final GroupId id;
  private final ShardObserver observer;
  private final List<LogEntry> log = new ArrayList<>();
  private ManualScheduler scheduler = new ManualScheduler();
  private MemoryStateStore store = new MemoryStateStore(scheduler);
  private ShardStateMachine machine;

  TestGroup(GroupId id, ShardObserver observer) {
    this.id = id;
    this.observer = observer;
    this.machine = new ShardStateMachine(id, store, observer);
    machine.restored(store.recover());
    run();
  }

  /** A group that owns all of four slots. */
  static TestGroup serving(ShardObserver observer) {
    return serving(observer, GroupSettings.DEFAULTS);
  }

  static TestGroup serving(ShardObserver observer, GroupSettings settings) {
    TestGroup group = new TestGroup(new GroupId(1), observer);
    GroupId one = group.id;
    group.apply(
        new HybridTimestamp(1, 0),
        new Command.Adopt(settings, configuration(1, List.of(one, one, one, one))));
    return group;
  }

  static Configuration configuration(long number, List<GroupId> owners) {
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    Given.TWO_GROUPS.forEach(group -> groups.put(group, List.of(new NodeId("n" + group.number()))));
    owners.forEach(owner -> groups.put(owner, List.of(new NodeId("n" + owner.number()))));
    return new Configuration(number, owners, groups);
  }

  ShardStateMachine machine() {
    return machine;
  }

  BatchResult apply(HybridTimestamp timestamp, Command... commands) {
    return applyBytes(CommandCodec.encode(new CommandBatch(timestamp, List.of(commands))));
  }

  CommandResult applyOne(HybridTimestamp timestamp, Command command) {
    return apply(timestamp, command).results().get(0);
  }

  TxnStatus statusAfter(HybridTimestamp timestamp, Command command) {
    CommandResult result = applyOne(timestamp, command);
    if (result instanceof CommandResult.Status status) {
      return status.status();
    }
    if (result instanceof CommandResult.Settled settled) {
      return settled.status();
    }
    throw new AssertionError("expected a status, was " + result);
  }

  BatchResult applyBytes(Bytes payload) {
    LogEntry entry = new LogEntry(log.size() + 1, 1, EntryKind.COMMAND, payload);
    log.add(entry);
    return applyEntry(entry);
  }

  private BatchResult applyEntry(LogEntry entry) {
    List<BatchResult> results = new ArrayList<>();
    machine.apply(entry, results::add);
    run();
    if (results.size() != 1) {
      throw new AssertionError("expected one result of " + entry + ", were " + results);
    }
    machine.checkInvariants();
    return results.get(0);
  }

  TxnStatus status(TxnId txn) {
    return machine.status(txn);
  }

  /** Takes a checkpoint, after which values are on "disk". */
  void checkpoint() {
    machine.beforeCheckpoint();
    store.checkpoint(
        new SnapshotMetadata(new EntryId(1, log.size()), MEMBERSHIP),
        new Done<>(new ArrayList<>()));
    run();
  }

  /** Starts again from the newest checkpoint and applies what follows it. */
  void restart() {
    scheduler = new ManualScheduler();
    store = store.reopen(scheduler);
    SnapshotMetadata at = store.recover();
    machine = new ShardStateMachine(id, store, observer);
    machine.restored(at);
    run();
    log.subList((int) at.index(), log.size()).forEach(this::applyEntry);
  }

  /** Everything replicated, values included, in a fixed order. */
  List<String> dump() {
    List<String> rows = new ArrayList<>();
    machine.visitMemory((key, value) -> rows.add(hex(key) + "=" + hex(value)));
    scan(StateRows.GROUP_END).forEach(row -> rows.add(hex(row.key()) + "=" + hex(row.value())));
    return rows;
  }

  /** How many keys have a value, counted one by one. */
  int valueCount() {
    return scan(StateRows.GROUP_END).size();
  }

  /** Every row of the store. */
  void visitRows(Consumer<Row> visitor) {
    scan(Bytes.EMPTY).forEach(visitor);
  }

  Optional<StoredValue> stored(Key key) {
    Bytes wanted = machine.state().data.row(key);
    return scan(wanted).stream()
        .filter(row -> row.key().equals(wanted))
        .map(row -> StoredValue.decode(row.value()))
        .findFirst();
  }

  /** The value as text; empty if there is none. */
  String text(Key key) {
    return stored(key).map(stored -> stored.value().bytes().toUtf8()).orElse("");
  }

  MemoryStateStore store() {
    return store;
  }

  ManualScheduler scheduler() {
    return scheduler;
  }

  void run() {
    scheduler.runAll(TASKS_MAX);
  }

  private List<Row> scan(Bytes from) {
    List<ScanPage> pages = new ArrayList<>();
    store.scan(
        new ScanRequest(from, Bytes.EMPTY, Integer.MAX_VALUE, Integer.MAX_VALUE),
        new Done<>(pages));
    run();
    return pages.get(0).rows();
  }

  private static String hex(Bytes bytes) {
    return java.util.HexFormat.of().formatHex(bytes.sharedArray());
  }

  /** Collects what an operation of the store gives. */
  private record Done<T>(List<T> values) implements Callback<T> {
    @Override
    public void succeeded(T value) {
      values.add(value);
    }

    @Override
    public void failed(StorageException cause) {
      throw new AssertionError(cause);
    }
  }
}
