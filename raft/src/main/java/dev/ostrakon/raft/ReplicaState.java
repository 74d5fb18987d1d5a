package dev.ostrakon.raft;

/** What all roles of one replica share: its identity, its term, its log and what is committed. */
final class ReplicaState {

  private final ReplicaId id;
  private final RaftConfig config;
  private final RaftRules rules;
  private final TermState terms;
  private final RaftLog log;
  private final CommittedFeed feed;
  private final ElectionClock clock;
  private final Outbox outbox = new Outbox();
  private final DiskWatch disk = new DiskWatch();

  /** Persistent, in the checkpoint. */
  private Membership membership;

  private Quorum quorum;

  /** Invariant: never goes back. */
  private long nowNanos;

  /**
   * @throws IllegalArgumentException if log and checkpoint leave a gap or contradict each other
   */
  ReplicaState(RaftNode.Start start) {
    id = start.id();
    config = start.config();
    rules = start.rules();
    nowNanos = start.nowNanos();
    membership = start.checkpoint().membership();
    quorum = new Quorum(membership);
    log = new RaftLog(start.log());
    EntryId checkpoint = start.checkpoint().lastIncluded();
    requireFit(start);
    if (!log.contains(checkpoint)) {
      // The replica stopped between installing a snapshot, or taking a checkpoint of entries that
      // were committed elsewhere first, and the log's own write.
      log.reset(checkpoint);
    }
    HardState stored = start.log().hardState();
    terms = new TermState(stored);
    if (log.lastTerm() > stored.term()) {
      // The term was learnt along with a snapshot and lost in the crash; a vote in it would not be.
      terms.advanceTo(log.lastTerm());
    }
    feed = new CommittedFeed(config, log, checkpoint.index(), stored.commitIndex());
    clock = new ElectionClock(config, rules, start.random());
    if (rules.sticksAfterRestart(terms.term())) {
      clock.onContact(nowNanos);
    }
  }

  private static void requireFit(RaftNode.Start start) {
    EntryId base = start.log().base();
    EntryId checkpoint = start.checkpoint().lastIncluded();
    if (start.checkpoint().membership().members().isEmpty()) {
      throw new IllegalArgumentException("the membership must not be empty");
    }
    if (start.id().isNone()) {
      throw new IllegalArgumentException("a replica needs an id");
    }
    if (base.index() > checkpoint.index()) {
      throw new IllegalArgumentException(
          "the log begins after " + base + ", beyond the checkpoint at " + checkpoint);
    }
    if (base.index() == checkpoint.index() && base.term() != checkpoint.term()) {
      throw new IllegalArgumentException(
          "the log begins after " + base + " and the checkpoint is at " + checkpoint);
    }
  }

  ReplicaId id() {
    return id;
  }

  RaftConfig config() {
    return config;
  }

  RaftRules rules() {
    return rules;
  }

  TermState terms() {
    return terms;
  }

  RaftLog log() {
    return log;
  }

  CommittedFeed feed() {
    return feed;
  }

  ElectionClock clock() {
    return clock;
  }

  Outbox outbox() {
    return outbox;
  }

  DiskWatch disk() {
    return disk;
  }

  /** See {@link RaftRules#isDiskStalled}. */
  boolean isDiskStalled() {
    return rules.isDiskStalled(disk.silentTicks(), config);
  }

  Membership membership() {
    return membership;
  }

  Quorum quorum() {
    return quorum;
  }

  /** The latest time that an input brought; may lag behind, which makes leases only shorter. */
  long nowNanos() {
    return nowNanos;
  }

  void observe(long inputNanos) {
    if (inputNanos - nowNanos > 0) {
      nowNanos = inputNanos;
    }
  }

  /** Puts a membership in force. The only place that does. */
  void adoptMembership(long index, Membership adopted) {
    if (!adopted.equals(membership)) {
      membership = adopted;
      quorum = new Quorum(adopted);
      outbox.report(new ReplicaEvent.MembershipChanged(index, adopted));
    }
  }

  /** Whether this replica votes and may campaign. */
  boolean isVoter() {
    return membership.isVoter(id);
  }

  /** Sends a message that shows this term, once the term is durable. */
  void sendOnceTermDurable(ReplicaId to, RaftMessage message) {
    if (terms.isDurable()) {
      outbox.send(to, message);
    } else {
      outbox.sendAfterPersist(to, message);
    }
  }

  void checkInvariants() {
    log.checkInvariants();
    feed.checkInvariants();
    Invariants.check(
        log.lastTerm() <= terms.term(), "last term <= term", log.lastTerm(), terms.term());
  }
}
