package dev.ostrakon.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.BatchWriter;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.group.finished.FinishedRequests;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a state machine keeps in memory, measured: it does not grow with keys, little by clients.
 */
final class MemoryBoundTest {
  private static final int BATCH = 1_000;
  private static final byte[] VALUE = new byte[100];

  /** As little as the clients below could do to be remembered: K scenario MemManyClients. */
  private static final int CLIENT_BYTES_MAX = 200;

  private final BlankStore store = new BlankStore();
  private final ShardStateMachine machine =
      new ShardStateMachine(new GroupId(1), store, ShardObserver.NONE);
  private long index;
  private long nowMillis = Given.EPOCH_MILLIS;

  MemoryBoundTest() {
    machine.restored(new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY));
    GroupId one = new GroupId(1);
    apply(
        new Command.Adopt(
            GroupSettings.DEFAULTS, TestGroup.configuration(1, List.of(one, one, one, one))));
  }

  @Test
  void a_client_that_wrote_once_leaves_less_than_200_bytes_and_nothing_after_the_window() {
    int clients = 200_000;
    writeOnce(0, BATCH); // Whatever is made once is there now.
    machine.beforeCheckpoint();
    long before = usedBytes();
    store.forget();

    writeOnce(BATCH, clients + BATCH);

    long perClient = (usedBytes() - before) / clients;
    assertThat(perClient).isLessThan(CLIENT_BYTES_MAX);
    assertThat(machine.finishedBytes() / clients).isLessThan(CLIENT_BYTES_MAX);
    machine.beforeCheckpoint();
    assertThat(store.ownRows()).isBetween(clients, clients + 2); // What the group follows, too.
    assertThat(store.ownBytes() / clients).isLessThan(CLIENT_BYTES_MAX);

    nowMillis += GroupSettings.DEFAULTS.windowMillis() + 1;
    store.forget();
    while (machine.state().finished.clientCount() > 0) {
      apply(new Command.Forget(List.of()));
      machine.state().finished.sweep(1 << 20);
    }
    machine.beforeCheckpoint();
    assertThat(store.deletedRows()).isEqualTo(clients + BATCH);
    assertThat((usedBytes() - before) / clients).isLessThan(CLIENT_BYTES_MAX / 4);
  }

  @Test
  void of_many_clients_few_are_left_for_one_turn_to_write() {
    int clients = 50_000;
    writeOnce(0, clients);
    store.forget();
    machine.beforeCheckpoint();
    assertThat(store.ownRows()).isLessThanOrEqualTo(ShardFrontConfig.DEFAULTS.changesLeftMax() + 2);

    nowMillis += GroupSettings.DEFAULTS.windowMillis() + 1;
    while (machine.state().finished.clientCount() > 0) {
      store.forget();
      apply(new Command.Forget(List.of()));
      machine.state().finished.sweep(1 << 20);
      // Those of a bucket are dropped together.
      assertThat(store.deletedRows()).isLessThan(FinishedRequests.REMOVED_MAX + 100);
    }
  }

  @Test
  void memory_does_not_grow_with_the_number_of_keys() {
    int keys = 300_000;
    writeKeys(0, keys / 3);
    machine.beforeCheckpoint();
    long before = usedBytes();

    writeKeys(keys / 3, keys);
    machine.beforeCheckpoint();

    long growth = usedBytes() - before;
    assertThat(growth).isLessThan(4L << 20); // 20 bytes a key; a value alone has 100.
  }

  /** The set of when records expire once held what had gone long before, for all of its window. */
  @Test
  void a_transaction_that_is_forgotten_and_acknowledged_leaves_nothing() {
    int txns = 100_000;
    ClientId client = new ClientId(7, 7);
    transact(client, 0, BATCH); // Whatever is made once is there now.
    machine.beforeCheckpoint();
    long before = usedBytes();

    transact(client, BATCH, txns + BATCH);

    assertThat(machine.recordCount()).isLessThanOrEqualTo(BATCH);
    assertThat(machine.state().records.expiryCount()).isEqualTo(machine.recordCount());
    machine.beforeCheckpoint();
    assertThat((usedBytes() - before) / txns).isLessThan(16);
  }

  /** Orders, applies and forgets; each order acknowledges what came a batch before it. */
  private void transact(ClientId client, int from, int to) {
    for (int first = from; first < to; first += BATCH) {
      HybridTimestamp ordered = new HybridTimestamp(++nowMillis, 0);
      List<Command> orders = new ArrayList<>(BATCH);
      List<Command> applies = new ArrayList<>(BATCH);
      List<TxnId> txns = new ArrayList<>(BATCH);
      for (int i = first; i < first + BATCH; i++) {
        TxnId txn = new TxnId(new RequestId(client, i + 1L), 1);
        Transaction add = Transaction.of(List.of(Given.add(Key.utf8("key-" + i % BATCH), 1)));
        orders.add(
            new Command.Order(
                new Request(txn, ordered, Acknowledgement.upTo(first), add),
                ordered,
                Given.TWO_GROUPS));
        applies.add(new Command.Apply(txn, ordered, new TxnOutcome.Commit(Branch.THEN)));
        txns.add(txn);
      }
      apply(orders.toArray(Command[]::new));
      apply(applies.toArray(Command[]::new));
      apply(new Command.Forget(txns));
    }
  }

  /** Every client writes once to one of few keys. */
  private void writeOnce(int from, int to) {
    for (int first = from; first < to; first += BATCH) {
      List<Command> commands = new ArrayList<>(BATCH);
      for (int client = first; client < first + BATCH; client++) {
        commands.add(put(new ClientId(client, client * 31L), 1, client % 100));
      }
      apply(commands.toArray(Command[]::new));
    }
  }

  /** One client writes every key once and acknowledges as it goes. */
  private void writeKeys(int from, int to) {
    ClientId client = new ClientId(7, 7);
    for (int first = from; first < to; first += BATCH) {
      nowMillis += 5;
      List<Command> commands = new ArrayList<>(BATCH);
      for (int key = first; key < first + BATCH; key++) {
        commands.add(put(client, key + 1L, key));
      }
      apply(commands.toArray(Command[]::new));
    }
  }

  private Command put(ClientId client, long sequence, int key) {
    Operation put =
        new Operation.Put(
            Key.utf8(String.format("key-%012d", key)), new Value(ByteString.wrap(VALUE.clone())));
    return new Command.Execute(
        new Request(
            new TxnId(new RequestId(client, sequence), 1),
            new HybridTimestamp(nowMillis, 0),
            Acknowledgement.upTo(sequence - 1),
            Transaction.of(List.of(put))));
  }

  private void apply(Command... commands) {
    BatchWriter writer = new BatchWriter();
    for (Command command : commands) {
      writer.add(command);
    }
    Bytes payload = writer.toBytes(new HybridTimestamp(nowMillis, 0));
    index++;
    List<BatchResult> results = new ArrayList<>(1);
    machine.apply(new LogEntry(index, 1, EntryKind.COMMAND, payload), results::add);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).results())
        .noneMatch(result -> result instanceof CommandResult.Denied);
  }

  /** What is in use after collections until there is no less. */
  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
