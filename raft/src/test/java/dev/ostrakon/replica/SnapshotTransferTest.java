package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.TransferState;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sender and a receiver with a link between them that the test controls. */
class SnapshotTransferTest {

  private static final ReplicaId LEADER = new ReplicaId(1);
  private static final ReplicaId FOLLOWER = new ReplicaId(2);
  private static final SnapshotMetadata METADATA =
      new SnapshotMetadata(new EntryId(3, 40), Membership.ofVoters(List.of(LEADER, FOLLOWER)));
  private static final ReplicaConfig CONFIG =
      new ReplicaConfig(RaftConfig.DEFAULTS, 1 << 20, 2 << 20, 1, 1, 64, 3, 50, 10);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final MemoryStateStore source = new MemoryStateStore(scheduler);
  private final MemoryStateStore target = new MemoryStateStore(scheduler);
  private final List<Long> ends = new ArrayList<>();
  private final List<InstallSnapshot> onTheWay = new ArrayList<>();
  private final List<InstallSnapshotResponse> onTheWayBack = new ArrayList<>();
  private final List<SnapshotMetadata> installed = new ArrayList<>();
  private final List<String> turnedAway = new ArrayList<>();
  private SnapshotCheck check = SnapshotCheck.NONE;
  private final Turn turn = new PlainTurn();
  private final SnapshotReceiver receiver = new SnapshotReceiver(target, CONFIG, new Host(), turn);
  private final SnapshotSender sender =
      new SnapshotSender(
          new SnapshotSender.Transfer(FOLLOWER, 4, 1), CONFIG, onTheWay::add, ends::add, turn);

  @Test
  void whole_state_arrives() {
    fillSource(100);
    sender.start(source);

    pump(new RandomSource(1), 0);

    assertThat(ends).containsExactly(40L);
    assertThat(installed).containsExactly(METADATA);
    assertThat(rowsOf(target)).isEqualTo(rowsOf(source)).hasSize(100);
  }

  @Test
  void empty_state_arrives_too() {
    target.put(Bytes.utf8("old"), Bytes.utf8("gone afterwards"));
    fillSource(0);
    sender.start(source);

    pump(new RandomSource(1), 0);

    assertThat(ends).containsExactly(40L);
    assertThat(rowsOf(target)).isEmpty();
  }

  /** They neither stop the replica nor reach its state, and the next transfer is taken. */
  @Test
  void A11_random_bytes_are_turned_away() {
    target.put(Bytes.utf8("present"), Bytes.utf8("stays"));
    RandomSource random = new RandomSource(5);
    byte[] garbage = new byte[64];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] = (byte) random.nextInt(256);
    }
    Bytes data = Bytes.wrap(garbage);

    receiver.onChunk(
        LEADER,
        new InstallSnapshot(4, 9, METADATA, 0, data, SnapshotReceiver.checksum(data), true));

    assertThat(turnedAway).hasSize(1);
    assertThat(onTheWayBack).last().asString().endsWith("REFUSED");
    assertThat(rowsOf(target)).hasSize(1);
    fillSource(100);
    sender.start(source);
    pump(new RandomSource(1), 0);
    assertThat(installed).containsExactly(METADATA);
  }

  @Test
  void A11_rows_that_the_state_machine_could_not_read_back_are_turned_away() {
    target.put(Bytes.utf8("present"), Bytes.utf8("stays"));
    check =
        (key, value) -> {
          throw new StorageException(StorageException.Reason.CORRUPT, "no such row");
        };
    fillSource(10);
    sender.start(source);

    pump(new RandomSource(1), 0);

    assertThat(turnedAway).isNotEmpty().allMatch("no such row"::equals);
    assertThat(installed).isEmpty();
    assertThat(rowsOf(target)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void loss_duplication_and_reordering_do_no_harm(long seed) {
    fillSource(200);
    sender.start(source);

    pump(new RandomSource(seed), 0.2);

    // If the last answer was lost the sender gives up; the core learns from the follower's own
    // acknowledgement that the snapshot has arrived.
    assertThat(ends).hasSize(1).isSubsetOf(0L, 40L);
    assertThat(installed).containsExactly(METADATA);
    assertThat(rowsOf(target)).isEqualTo(rowsOf(source));
  }

  @Test
  void no_more_than_the_window_is_on_the_way() {
    fillSource(100);
    sender.start(source);

    scheduler.runAll(10_000);

    assertThat(onTheWay).hasSize(CONFIG.snapshotWindowChunks());
  }

  @Test
  void damaged_chunk_ends_the_transfer_without_an_installation() {
    fillSource(100);
    sender.start(source);
    scheduler.runAll(10_000);
    InstallSnapshot first = onTheWay.remove(0);

    receiver.onChunk(
        LEADER,
        new InstallSnapshot(
            first.term(),
            first.transfer(),
            first.metadata(),
            first.sequence(),
            first.data(),
            first.crc32c() ^ 1,
            first.last()));
    onTheWayBack.forEach(sender::onResponse);

    assertThat(ends).containsExactly(0L);
    assertThat(installed).isEmpty();
  }

  @Test
  void silent_receiver_makes_the_sender_give_up() {
    fillSource(100);
    sender.start(source);
    scheduler.runAll(10_000);

    for (int i = 0; i < CONFIG.snapshotTimeoutTicks(); i++) {
      assertThat(ends).isEmpty();
      sender.tick();
    }

    assertThat(ends).containsExactly(0L);
  }

  @Test
  void transfer_of_a_new_leader_replaces_an_unfinished_one() {
    fillSource(100);
    sender.start(source);
    scheduler.runAll(10_000);
    receiver.onChunk(LEADER, onTheWay.get(0));
    scheduler.runAll(10_000);
    onTheWay.clear();
    onTheWayBack.clear();
    SnapshotSender successor =
        new SnapshotSender(
            new SnapshotSender.Transfer(FOLLOWER, 5, 1), CONFIG, onTheWay::add, ends::add, turn);

    successor.start(source);
    pump(new RandomSource(1), 0, successor);

    assertThat(ends).containsExactly(40L);
    assertThat(rowsOf(target)).isEqualTo(rowsOf(source));
  }

  private void fillSource(int rows) {
    for (int i = 0; i < rows; i++) {
      source.put(Bytes.utf8("key-" + i), Bytes.utf8("value-" + i));
    }
    source.checkpoint(METADATA, turn.callback(ignored -> {}));
    scheduler.runAll(100);
  }

  private void pump(RandomSource random, double trouble) {
    pump(random, trouble, sender);
  }

  /** Delivers, loses, repeats and reorders until the transfer ends. */
  private void pump(RandomSource random, double trouble, SnapshotSender active) {
    for (int i = 0; i < 5_000 && ends.isEmpty(); i++) {
      scheduler.runAll(10_000);
      if (!onTheWay.isEmpty()) {
        deliverOne(onTheWay, random, trouble, chunk -> receiver.onChunk(LEADER, chunk));
      } else if (!onTheWayBack.isEmpty()) {
        deliverOne(onTheWayBack, random, trouble, active::onResponse);
      } else {
        active.tick();
        receiver.tick();
      }
    }
  }

  private static <T> void deliverOne(
      List<T> link, RandomSource random, double trouble, Consumer<T> receiver) {
    int position = random.chance(trouble) ? random.nextInt(link.size()) : 0;
    T message = random.chance(trouble) ? link.get(position) : link.remove(position);
    if (!random.chance(trouble)) {
      receiver.accept(message);
    }
  }

  private List<StateStore.Row> rowsOf(MemoryStateStore store) {
    List<StateStore.Row> rows = new ArrayList<>();
    store.scan(
        new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 1_000, 1 << 20),
        turn.callback(page -> rows.addAll(page.rows())));
    scheduler.runAll(100);
    return rows;
  }

  private final class Host implements SnapshotReceiver.Host {
    @Override
    public void respond(ReplicaId to, InstallSnapshotResponse response) {
      onTheWayBack.add(response);
    }

    @Override
    public SnapshotCheck check() {
      return check;
    }

    @Override
    public void turnedAway(ReplicaId from, StorageException cause) {
      turnedAway.add(String.valueOf(cause.getMessage()));
    }

    @Override
    public void install(SnapshotReceiver.Installation installation) {
      SnapshotWriter writer = installation.writer();
      writer.commit(
          turn.callback(
              ignored -> {
                installed.add(installation.head().metadata());
                installation.finished().done(TransferState.INSTALLED);
              }));
    }
  }

  private static final class PlainTurn implements Turn {
    @Override
    public void run(Runnable input) {
      input.run();
    }

    @Override
    public <T> Callback<T> callback(Consumer<T> success) {
      return new Callback<>() {
        @Override
        public void succeeded(T value) {
          success.accept(value);
        }

        @Override
        public void failed(StorageException cause) {
          throw cause;
        }
      };
    }
  }
}
