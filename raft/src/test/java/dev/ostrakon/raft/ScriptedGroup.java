package dev.ostrakon.raft;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A group in which nothing happens by itself: the test lets time pass, messages arrive and disks
 * sync. What happens is written down, and safety is checked all along.
 */
final class ScriptedGroup implements TestReplica.Observer {

  /** A message that is on its way. */
  record InTransit(ReplicaId from, ReplicaId to, RaftMessage message) {
    @Override
    public String toString() {
      return from + "->" + to + " " + message;
    }
  }

  private final Membership membership;
  private final RaftConfig config;
  private final RaftRules rules;
  private final Map<ReplicaId, TestDisk> disks = new TreeMap<>();
  private final Map<ReplicaId, TestReplica> replicas = new TreeMap<>();
  private final List<InTransit> network = new ArrayList<>();
  private final Set<ReplicaId> slowDisks = new TreeSet<>();
  private final Set<String> cut = new TreeSet<>();
  private final List<String> transcript = new ArrayList<>();
  private final SafetyChecker checker = new SafetyChecker();
  private long nowNanos;

  ScriptedGroup(Membership membership, RaftConfig config, RaftRules rules) {
    this.membership = membership;
    this.config = config;
    this.rules = rules;
    SnapshotMetadata empty = new SnapshotMetadata(EntryId.ZERO, membership);
    membership.members().forEach(id -> disks.put(id, new TestDisk(empty)));
  }

  static ScriptedGroup ofVoters(int count) {
    return ofVoters(count, TestConfigs.standard(), RaftRules.STANDARD);
  }

  static ScriptedGroup ofVoters(int count, RaftConfig config, RaftRules rules) {
    List<ReplicaId> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ids.add(new ReplicaId(i));
    }
    return new ScriptedGroup(Membership.ofVoters(ids), config, rules);
  }

  /** Puts a log on a disk before its replica is first used. */
  void preset(long id, long term, List<LogEntry> entries) {
    disk(id).preset(new HardState(term, ReplicaId.NONE, 0), entries);
  }

  private TestDisk disk(long id) {
    TestDisk disk = disks.get(new ReplicaId(id));
    if (disk == null) {
      throw new IllegalArgumentException("no replica " + id);
    }
    return disk;
  }

  /** The replica, started on first use. */
  TestReplica replica(long number) {
    ReplicaId id = new ReplicaId(number);
    TestReplica replica = replicas.get(id);
    if (replica == null) {
      TestReplica.Identity identity = new TestReplica.Identity(id, config, rules);
      replica = new TestReplica(identity, disk(number), this, number, nowNanos);
      replicas.put(id, replica);
    }
    return replica;
  }

  List<TestReplica> running() {
    membership.members().forEach(id -> replica(id.value()));
    return replicas.values().stream().filter(TestReplica::isRunning).toList();
  }

  /** A tick's time passes and these replicas notice. */
  void tick(List<TestReplica> ticking) {
    nowNanos += config.tickNanos();
    for (TestReplica replica : ticking) {
      replica.tick(nowNanos);
      settle(replica);
    }
  }

  /** Time passes and nobody notices. */
  void pass(long ticks) {
    nowNanos += ticks * config.tickNanos();
  }

  /** The replica's patience ends; nobody else's clock ticks. */
  void campaign(long id) {
    long term = replica(id).status().term();
    for (int i = 0; i < 4 * TestConfigs.ELECTION_TICKS; i++) {
      RaftStatus status = replica(id).status();
      if (status.role() == Role.PRE_CANDIDATE || status.term() > term) {
        return;
      }
      tick(List.of(replica(id)));
    }
    throw new IllegalStateException("replica " + id + " does not campaign");
  }

  /** The replica's timer races: it campaigns after ticks that took no time. */
  void rush(long id) {
    TestReplica replica = replica(id);
    for (int i = 0; i < 4 * TestConfigs.ELECTION_TICKS; i++) {
      replica.tick(nowNanos);
      settle(replica);
    }
  }

  /** Elects this replica, everybody else being patient and willing. */
  void elect(long id) {
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      nowNanos += config.tickNanos();
      for (TestReplica other : running()) {
        if (other.status().role() != Role.LEADER && other.status().role() != Role.CANDIDATE) {
          other.tick(nowNanos);
        }
      }
      network.clear();
    }
    campaign(id);
    stabilize();
    Invariants.check(replica(id).isLeader(), "replica was to be elected");
  }

  void setDiskSlow(long id) {
    slowDisks.add(new ReplicaId(id));
  }

  void setDiskFast(long id) {
    slowDisks.remove(new ReplicaId(id));
    settle(replica(id));
  }

  private void settle(TestReplica replica) {
    if (!slowDisks.contains(replica.id())) {
      replica.settle();
    }
  }

  /** Delivers messages and lets disks sync until all is quiet. */
  void stabilize() {
    running().forEach(this::settle);
    int limit = 10_000;
    while (!network.isEmpty()) {
      Invariants.check(limit-- > 0, "the group comes to rest");
      deliver(network.remove(0));
    }
  }

  /** Delivers what is on its way now on one link; what that causes stays on its way. */
  int deliver(long from, long to, int count) {
    int delivered = 0;
    for (InTransit message : List.copyOf(network)) {
      if (delivered < count && isOn(message, from, to)) {
        network.remove(message);
        deliver(message);
        delivered++;
      }
    }
    return delivered;
  }

  private void deliver(InTransit message) {
    TestReplica receiver = replica(message.to().value());
    if (receiver.isRunning()) {
      transcript.add(message.toString());
      receiver.deliver(message.from(), message.message(), nowNanos);
      settle(receiver);
    }
  }

  private static boolean isOn(InTransit message, long from, long to) {
    return message.from().value() == from && message.to().value() == to;
  }

  /** Removes what is on its way on one link and returns it, for later. */
  List<InTransit> take(long from, long to) {
    List<InTransit> taken = new ArrayList<>();
    Iterator<InTransit> all = network.iterator();
    while (all.hasNext()) {
      InTransit message = all.next();
      if (isOn(message, from, to)) {
        taken.add(message);
        all.remove();
      }
    }
    return taken;
  }

  void putBack(List<InTransit> messages) {
    network.addAll(messages);
  }

  void cut(long one, long other) {
    cut.add(one + ">" + other);
    cut.add(other + ">" + one);
    network.removeIf(m -> isOn(m, one, other) || isOn(m, other, one));
  }

  /** Delivers back and forth between two replicas until nothing is on its way between them. */
  void converse(long one, long other) {
    int limit = 100;
    while (deliver(one, other, Integer.MAX_VALUE) + deliver(other, one, Integer.MAX_VALUE) > 0) {
      Invariants.check(limit-- > 0, "the conversation comes to an end");
    }
  }

  void heal() {
    cut.clear();
  }

  void crash(long id) {
    replica(id).crash();
  }

  void restart(long id) {
    replica(id).restart(id, nowNanos);
    settle(replica(id));
  }

  void propose(long id, String... commands) {
    ProposeResult result = replica(id).propose(commands);
    if (!(result instanceof ProposeResult.Accepted)) {
      transcript.add(id + " refuses: " + result);
    }
    settle(replica(id));
  }

  void read(long id, long requestId) {
    checker.onReadAsked(requestId);
    replica(id).read(requestId, nowNanos);
  }

  /** What was written down since the last call. */
  List<String> takeTranscript() {
    List<String> taken = List.copyOf(transcript);
    transcript.clear();
    return taken;
  }

  long nowNanos() {
    return nowNanos;
  }

  List<InTransit> network() {
    return List.copyOf(network);
  }

  @Override
  public void onSend(ReplicaId from, ReplicaId to, RaftMessage message) {
    if (!cut.contains(from + ">" + to)) {
      network.add(new InTransit(from, to, message));
    }
  }

  @Override
  public void onReady(TestReplica replica, Ready ready) {
    checker.onReady(replica, ready);
    for (ReplicaEvent event : ready.events()) {
      transcript.add(replica.id() + " " + event);
    }
  }

  @Override
  public void onApplied(TestReplica replica, LogEntry entry, long digest) {
    checker.onApplied(entry, digest);
  }

  @Override
  public void onRestored(TestReplica replica, long index, long digest) {
    checker.requireSameState(index, digest);
  }

  @Override
  public void onRead(TestReplica replica, ReadOutcome outcome) {
    transcript.add(
        replica.id()
            + " read "
            + outcome.requestId()
            + " "
            + outcome.status()
            + " index="
            + outcome.readIndex());
    checker.onRead(outcome);
  }
}
