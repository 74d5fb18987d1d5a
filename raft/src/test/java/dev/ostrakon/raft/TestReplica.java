package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.TransferState;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A core with a disk and a state machine whose steps the test takes one by one. The state is a
 * digest of all commands applied.
 */
final class TestReplica {

  /** Who sees what the replica does. */
  interface Observer {
    void onSend(ReplicaId from, ReplicaId to, RaftMessage message);

    default void onReady(TestReplica replica, Ready ready) {}

    default void onApplied(TestReplica replica, LogEntry entry, long digest) {}

    default void onRestored(TestReplica replica, long index, long digest) {}

    default void onRead(TestReplica replica, ReadOutcome outcome) {}
  }

  private static final int TRANSFER_TIMEOUT_TICKS = 30;

  private record Waiting(long readyNumber, List<Envelope> messages) {}

  private record Installation(ReplicaId from, InstallSnapshot message) {}

  private final ReplicaId id;
  private final RaftConfig config;
  private final RaftRules rules;
  private final TestDisk disk;
  private final Observer observer;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final ArrayDeque<LogEntry> toApply = new ArrayDeque<>();
  private final ArrayDeque<LogFetch> toFetch = new ArrayDeque<>();
  private final ArrayDeque<Installation> toInstall = new ArrayDeque<>();
  private final Map<ReplicaId, Integer> transferAgeTicks = new TreeMap<>();
  private RaftNode node;
  private boolean running;
  private EntryId applied;
  private long digest;
  private Membership membership;

  /** Who a replica is and by which rules it plays. */
  record Identity(ReplicaId id, RaftConfig config, RaftRules rules) {}

  TestReplica(Identity identity, TestDisk disk, Observer observer, long seed, long nowNanos) {
    this.id = identity.id();
    this.config = identity.config();
    this.rules = identity.rules();
    this.disk = disk;
    this.observer = observer;
    applied = disk.checkpoint().lastIncluded();
    membership = disk.checkpoint().membership();
    digest = disk.checkpointDigest();
    node = newNode(seed, nowNanos);
    running = true;
    drain();
  }

  private RaftNode newNode(long seed, long nowNanos) {
    RandomSource random = new RandomSource(seed);
    SnapshotMetadata checkpoint = disk.checkpoint();
    return new RaftNode(
        new RaftNode.Start(id, config, rules, random, disk.recover(), checkpoint, nowNanos));
  }

  /** Comes back after a crash with what the disk holds. */
  void restart(long seed, long nowNanos) {
    applied = disk.checkpoint().lastIncluded();
    membership = disk.checkpoint().membership();
    digest = disk.checkpointDigest();
    node = newNode(seed, nowNanos);
    running = true;
    drain();
  }

  void crash() {
    running = false;
    waiting.clear();
    toApply.clear();
    toFetch.clear();
    toInstall.clear();
    transferAgeTicks.clear();
    disk.crash();
  }

  boolean isRunning() {
    return running;
  }

  ReplicaId id() {
    return id;
  }

  RaftNode node() {
    return node;
  }

  TestDisk disk() {
    return disk;
  }

  RaftStatus status() {
    return node.status();
  }

  boolean isLeader() {
    return running && node.status().role() == Role.LEADER;
  }

  void tick(long nowNanos) {
    node.tick(nowNanos);
    transferAgeTicks.replaceAll((to, age) -> age + 1);
    for (ReplicaId to : List.copyOf(transferAgeTicks.keySet())) {
      if (transferAgeTicks.getOrDefault(to, 0) > TRANSFER_TIMEOUT_TICKS) {
        endTransfer(to, 0);
      }
    }
    drain();
  }

  void deliver(ReplicaId from, RaftMessage message, long nowNanos) {
    node.step(from, message, nowNanos);
    drain();
  }

  void complete(Completion completion) {
    node.step(completion);
    drain();
  }

  ProposeResult propose(String... commands) {
    List<Bytes> payloads = new ArrayList<>();
    for (String command : commands) {
      payloads.add(Bytes.utf8(command));
    }
    ProposeResult result = node.propose(payloads);
    drain();
    return result;
  }

  void read(long requestId, long nowNanos) {
    node.readIndex(requestId, nowNanos);
    drain();
  }

  void onDisconnected(ReplicaId peer) {
    node.onDisconnected(peer);
    drain();
  }

  boolean transferTo(ReplicaId to) {
    boolean started = node.transferLeadership(to);
    drain();
    return started;
  }

  /** Takes Readys until there are none. */
  void drain() {
    node.checkInvariants();
    while (node.hasReady()) {
      Ready ready = node.ready();
      node.advance();
      carryOut(ready);
      node.checkInvariants();
    }
  }

  private void carryOut(Ready ready) {
    observer.onReady(this, ready);
    ready.messages().forEach(envelope -> send(envelope.peer(), envelope.message()));
    if (!ready.logWrite().isEmpty()) {
      disk.write(ready.number(), ready.logWrite());
    }
    if (!ready.messagesAfterPersist().isEmpty()) {
      waiting.addLast(new Waiting(ready.number(), ready.messagesAfterPersist()));
    }
    release();
    toApply.addAll(ready.committed());
    toFetch.addAll(ready.logFetches());
    for (ReadOutcome outcome : ready.reads()) {
      observer.onRead(this, outcome);
    }
    ready.snapshotsToSend().forEach(this::sendSnapshot);
    ready.snapshotMessages().forEach(this::onSnapshotMessage);
  }

  private void send(ReplicaId to, RaftMessage message) {
    observer.onSend(id, to, message);
  }

  /** Lets out what waits for writes that are durable now. */
  private void release() {
    while (!waiting.isEmpty() && waiting.getFirst().readyNumber() < disk.oldestPendingNumber()) {
      waiting.removeFirst().messages().forEach(e -> send(e.peer(), e.message()));
    }
  }

  boolean hasPendingWrite() {
    return disk.hasPending();
  }

  /** The oldest write becomes durable, and what waited for it leaves. */
  void persistNext() {
    long number = disk.syncNext();
    release();
    complete(new Completion.LogPersisted(number));
  }

  void persistAll() {
    while (disk.hasPending()) {
      persistNext();
    }
  }

  boolean hasEntriesToApply() {
    return !toApply.isEmpty();
  }

  /** Applies up to so many entries. */
  void apply(int count) {
    for (int i = 0; i < count && !toApply.isEmpty(); i++) {
      LogEntry entry = toApply.removeFirst();
      Invariants.check(
          entry.index() == applied.index() + 1, "consecutive", entry.index(), applied.index());
      applied = entry.id();
      digest = mix(digest, entry);
      observer.onApplied(this, entry, digest);
    }
    complete(new Completion.EntriesApplied(applied.index()));
  }

  static long mix(long digest, LogEntry entry) {
    long mixed = digest * 0x9E3779B97F4A7C15L + entry.term();
    return (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L + entry.payload().hashCode();
  }

  boolean hasFetch() {
    return !toFetch.isEmpty();
  }

  /** The oldest read of the log returns. */
  void fetchNext() {
    LogFetch fetch = toFetch.removeFirst();
    complete(new Completion.LogFetched(fetch.fetchId(), disk.read(fetch)));
  }

  void checkpoint() {
    SnapshotMetadata at = new SnapshotMetadata(applied, membership);
    disk.saveCheckpoint(at, digest);
    complete(new Completion.CheckpointDurable(at));
  }

  private void endTransfer(ReplicaId to, long installedIndex) {
    transferAgeTicks.remove(to);
    node.step(new Completion.SnapshotSent(to, installedIndex));
  }

  private void sendSnapshot(ReplicaId to) {
    transferAgeTicks.put(to, 0);
    byte[] state = ByteBuffer.allocate(Long.BYTES).putLong(disk.checkpointDigest()).array();
    long term = node.status().term();
    send(to, new InstallSnapshot(term, 1, disk.checkpoint(), 0, Bytes.wrap(state), 0, true));
  }

  private void onSnapshotMessage(Envelope envelope) {
    if (envelope.message() instanceof InstallSnapshot message) {
      toInstall.addLast(new Installation(envelope.peer(), message));
    } else if (envelope.message() instanceof InstallSnapshotResponse response) {
      long installed = response.state() == TransferState.INSTALLED ? response.nextSequence() : 0;
      endTransfer(envelope.peer(), installed);
    }
  }

  boolean hasInstallation() {
    return !toInstall.isEmpty();
  }

  /** The oldest snapshot received replaces the state, if it is newer. */
  void installNext() {
    Installation next = toInstall.removeFirst();
    SnapshotMetadata metadata = next.message().metadata();
    if (metadata.index() > applied.index()) {
      digest = ByteBuffer.wrap(next.message().data().toByteArray()).getLong();
      applied = metadata.lastIncluded();
      membership = metadata.membership();
      disk.saveCheckpoint(metadata, digest);
      toApply.removeIf(entry -> entry.index() <= applied.index());
      observer.onRestored(this, applied.index(), digest);
      complete(new Completion.SnapshotInstalled(metadata));
    }
    // The test's transfers carry the installed index in place of a chunk number.
    send(
        next.from(),
        new InstallSnapshotResponse(
            next.message().term(), 1, metadata.index(), TransferState.INSTALLED));
  }

  /** Everything local happens: disk, fetches, installations, application. */
  void settle() {
    while (hasPendingWrite() || hasFetch() || hasInstallation() || hasEntriesToApply()) {
      persistAll();
      while (hasFetch()) {
        fetchNext();
      }
      while (hasInstallation()) {
        installNext();
      }
      if (hasEntriesToApply()) {
        apply(Integer.MAX_VALUE);
      }
    }
  }

  EntryId applied() {
    return applied;
  }

  long digest() {
    return digest;
  }
}
