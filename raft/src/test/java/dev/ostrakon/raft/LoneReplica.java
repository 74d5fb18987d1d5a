package dev.ostrakon.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Replica 1 of a group whose other members are the test: what it sends is kept for inspection, what
 * it receives is made up. Its disk syncs at once unless told otherwise.
 */
final class LoneReplica implements TestReplica.Observer {

  static final ReplicaId SELF = new ReplicaId(1);
  static final ReplicaId TWO = new ReplicaId(2);
  static final ReplicaId THREE = new ReplicaId(3);

  private final RaftConfig config;
  private final TestReplica replica;
  private final List<String> sent = new ArrayList<>();
  private final List<RaftMessage> messages = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<ReadOutcome> reads = new ArrayList<>();
  private final List<LogEntry> committed = new ArrayList<>();
  private boolean slowDisk;
  private long nowNanos;

  /** How a lone replica starts; change what matters to the test. */
  static final class Setup {
    private int voters = 3;
    private RaftConfig config = TestConfigs.standard();
    private RaftRules rules = RaftRules.STANDARD;
    private HardState hardState = HardState.INITIAL;
    private List<LogEntry> log = List.of();

    Setup voters(int count) {
      voters = count;
      return this;
    }

    Setup config(RaftConfig newConfig) {
      config = newConfig;
      return this;
    }

    Setup rules(RaftRules newRules) {
      rules = newRules;
      return this;
    }

    Setup hardState(long term, long votedFor, long commitIndex) {
      hardState = new HardState(term, new ReplicaId(votedFor), commitIndex);
      return this;
    }

    /** A stored log whose entries have these terms, from index 1. */
    Setup log(long... terms) {
      log = entries(1, terms);
      return this;
    }

    LoneReplica start() {
      return new LoneReplica(this);
    }
  }

  static Setup setup() {
    return new Setup();
  }

  private LoneReplica(Setup setup) {
    List<ReplicaId> ids = new ArrayList<>();
    for (int i = 1; i <= setup.voters; i++) {
      ids.add(new ReplicaId(i));
    }
    config = setup.config;
    TestDisk disk = new TestDisk(new SnapshotMetadata(EntryId.ZERO, Membership.ofVoters(ids)));
    disk.preset(setup.hardState, setup.log);
    TestReplica.Identity identity = new TestReplica.Identity(SELF, config, setup.rules);
    replica = new TestReplica(identity, disk, this, 1, nowNanos);
    settle();
  }

  /** Entries with these terms, from an index on. */
  static List<LogEntry> entries(long firstIndex, long... terms) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      long index = firstIndex + i;
      Bytes payload = Bytes.utf8(index + "@" + terms[i]);
      entries.add(new LogEntry(index, terms[i], EntryKind.COMMAND, payload));
    }
    return entries;
  }

  static EntryId id(long term, long index) {
    return new EntryId(term, index);
  }

  TestReplica replica() {
    return replica;
  }

  RaftStatus status() {
    return replica.status();
  }

  void slowDisk() {
    slowDisk = true;
  }

  /** Everything written becomes durable. */
  void sync() {
    replica.persistAll();
  }

  private void settle() {
    if (!slowDisk) {
      replica.settle();
    }
  }

  void tick(int count) {
    for (int i = 0; i < count; i++) {
      nowNanos += config.tickNanos();
      replica.tick(nowNanos);
      settle();
    }
  }

  /** Time passes without a tick. */
  void pass(long ticks) {
    nowNanos += ticks * config.tickNanos();
  }

  void receive(ReplicaId from, RaftMessage message) {
    replica.deliver(from, message, nowNanos);
    settle();
  }

  ProposeResult propose(String... commands) {
    ProposeResult result = replica.propose(commands);
    settle();
    return result;
  }

  void read(long requestId) {
    replica.read(requestId, nowNanos);
    settle();
  }

  /** Ticks until it campaigns for pre-votes. */
  void losePatience() {
    for (int i = 0; i < 4 * TestConfigs.ELECTION_TICKS; i++) {
      Role role = status().role();
      if (role == Role.PRE_CANDIDATE || role == Role.CANDIDATE || role == Role.LEADER) {
        return;
      }
      tick(1);
    }
    throw new IllegalStateException("still " + status());
  }

  /** Asks for real votes, with 2's pre-vote. */
  void becomeCandidate() {
    losePatience();
    receive(TWO, new RaftMessage.PreVoteResponse(status().term() + 1, true));
    Invariants.check(status().role() == Role.CANDIDATE, "replica was to be a candidate");
  }

  /** Leads the next term by the votes of 2 and, in groups of five, 3. */
  void becomeLeader() {
    losePatience();
    long term = status().term() + 1;
    receive(TWO, new RaftMessage.PreVoteResponse(term, true));
    receive(THREE, new RaftMessage.PreVoteResponse(term, true));
    receive(TWO, new RaftMessage.RequestVoteResponse(term, true));
    receive(THREE, new RaftMessage.RequestVoteResponse(term, true));
    Invariants.check(status().role() == Role.LEADER, "replica was to be leader");
    forget();
  }

  /** Follows 2 in this term. */
  void follow(long term) {
    receive(TWO, new RaftMessage.Heartbeat(term, 0, 1));
    forget();
  }

  void forget() {
    sent.clear();
    messages.clear();
    events.clear();
    reads.clear();
  }

  /** What was sent since the last call, as {@code receiver message}. */
  List<String> takeSent() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    messages.clear();
    return taken;
  }

  /** The messages of one type sent since the last {@link #takeSent} or {@link #forget}. */
  <T extends RaftMessage> List<T> sent(Class<T> type) {
    return messages.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<String> events() {
    return events;
  }

  List<ReadOutcome> reads() {
    return reads;
  }

  /** Everything handed to the state machine so far. */
  List<LogEntry> committed() {
    return committed;
  }

  @Override
  public void onSend(ReplicaId from, ReplicaId to, RaftMessage message) {
    sent.add(to + " " + message);
    messages.add(message);
  }

  @Override
  public void onReady(TestReplica self, Ready ready) {
    ready.events().forEach(event -> events.add(event.toString()));
    committed.addAll(ready.committed());
  }

  @Override
  public void onRead(TestReplica self, ReadOutcome outcome) {
    reads.add(outcome);
  }
}
