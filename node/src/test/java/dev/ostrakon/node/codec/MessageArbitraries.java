package dev.ostrakon.node.codec;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Draws messages as correct nodes may send them, from a seed. */
final class MessageArbitraries {

  private final RandomSource random;

  MessageArbitraries(long seed) {
    this.random = new RandomSource(seed);
  }

  RoutedMessage routed(RaftMessage.Kind kind) {
    return new RoutedMessage(new GroupId(number()), replica(), replica(), message(kind));
  }

  RaftMessage message(RaftMessage.Kind kind) {
    return switch (kind) {
      case PRE_VOTE -> new RaftMessage.PreVote(number(), entryId());
      case PRE_VOTE_RESPONSE -> new RaftMessage.PreVoteResponse(number(), flip());
      case REQUEST_VOTE -> new RaftMessage.RequestVote(number(), entryId(), flip());
      case REQUEST_VOTE_RESPONSE -> new RaftMessage.RequestVoteResponse(number(), flip());
      case APPEND_ENTRIES -> append();
      case APPEND_ENTRIES_RESPONSE ->
          new RaftMessage.AppendEntriesResponse(number(), number(), number());
      case APPEND_ENTRIES_REJECTION ->
          new RaftMessage.AppendEntriesRejection(number(), entryId(), entryId(), number());
      case HEARTBEAT -> new RaftMessage.Heartbeat(number(), number(), number());
      case HEARTBEAT_RESPONSE -> new RaftMessage.HeartbeatResponse(number(), number());
      case INSTALL_SNAPSHOT -> install();
      case INSTALL_SNAPSHOT_RESPONSE ->
          new RaftMessage.InstallSnapshotResponse(
              number(), random.nextLong(), number(), transferState());
      case TIMEOUT_NOW -> new RaftMessage.TimeoutNow(number());
      case READ_INDEX -> new RaftMessage.ReadIndex(number(), random.nextLong());
      case READ_INDEX_RESPONSE ->
          new RaftMessage.ReadIndexResponse(number(), random.nextLong(), number());
    };
  }

  private RaftMessage append() {
    long index = random.nextLong(0, 1L << 40);
    long term = random.nextLong(0, 1L << 20);
    EntryId previous = new EntryId(term, index);
    List<LogEntry> entries = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      term += random.nextInt(2) + (term == 0 ? 1 : 0);
      index++;
      entries.add(new LogEntry(index, term, kind(), bytes()));
    }
    return new RaftMessage.AppendEntries(
        term + random.nextInt(2), previous, entries, number(), number());
  }

  private RaftMessage install() {
    Membership membership =
        new Membership(replicas(1, 100), replicas(100, 200), replicas(200, 300));
    return new RaftMessage.InstallSnapshot(
        number(),
        random.nextLong(),
        new SnapshotMetadata(entryId(), membership),
        number(),
        bytes(),
        (int) random.nextLong(),
        flip());
  }

  private SortedSet<ReplicaId> replicas(int from, int to) {
    SortedSet<ReplicaId> ids = new TreeSet<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ids.add(new ReplicaId(random.nextLong(from, to)));
    }
    return ids;
  }

  private EntryKind kind() {
    return EntryKind.fromCode(random.nextInt(3));
  }

  private RaftMessage.TransferState transferState() {
    List<RaftMessage.TransferState> states = List.of(RaftMessage.TransferState.values());
    return states.get(random.nextInt(states.size()));
  }

  private Bytes bytes() {
    byte[] array = new byte[random.nextInt(40)];
    for (int i = 0; i < array.length; i++) {
      array[i] = (byte) random.nextLong();
    }
    return Bytes.wrap(array);
  }

  private EntryId entryId() {
    return new EntryId(number(), number());
  }

  private ReplicaId replica() {
    return new ReplicaId(Math.max(1, number()));
  }

  /** Anything from 0 to the largest, small and huge numbers alike. */
  private long number() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private boolean flip() {
    return random.chance(0.5);
  }
}
