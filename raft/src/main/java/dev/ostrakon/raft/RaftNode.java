package dev.ostrakon.raft;

import dev.ostrakon.raft.Completion.CheckpointDurable;
import dev.ostrakon.raft.Completion.EntriesApplied;
import dev.ostrakon.raft.Completion.LogFetched;
import dev.ostrakon.raft.Completion.LogPersisted;
import dev.ostrakon.raft.Completion.SnapshotInstalled;
import dev.ostrakon.raft.Completion.SnapshotSent;
import dev.ostrakon.raft.RaftLog.HardStateChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica's consensus state machine: consumes inputs and emits {@link Ready}s.
 *
 * <p>Inputs are {@link #tick}, {@link #step} and the requests of clients. Each takes effect at once
 * in memory. What is to happen outside gathers until the driver takes it with {@link #ready} and
 * {@link #advance}; many inputs may share one Ready, and many Readys may be on their way to the
 * disk.
 *
 * <p>Threading: confined to the owner of the replica. Lifecycle: made once, from what the disks
 * hold; there is nothing to close.
 *
 * <p>Failure: {@link InvariantViolation} means a bug or a disk that broke its word; the replica
 * must then stop for good. A message that no correct replica sends is ignored and reported as
 * {@link ReplicaEvent.MalformedMessage}.
 */
public final class RaftNode {

  /* Who does what.
   *
   * RaftNode        the door: checks and dispatches inputs, assembles Readys
   * Roles           which role the replica has; the only place that changes it
   * Election        campaigning and voting
   * Follower        what a leader sends
   * Leader          one leadership: proposals, commitment, rounds, reads, transfer
   *   Replicator      what each follower gets next; one Progress per follower
   *   Rounds          numbers that prove leadership; ReadRounds and LeaderLease hang on them
   * RaftLog         terms of all entries, the newest entries, what is durable
   * CommittedFeed   what is committed, on its way into the state machine
   * TermState       term, vote, leader, and whether they are durable
   *
   * References. [1] Ongaro, Ousterhout: In Search of an Understandable Consensus Algorithm
   * (extended version), 2014. [2] Ongaro: Consensus: Bridging Theory and Practice, 2014.
   */

  /**
   * What a replica starts from.
   *
   * @param random the only source of chance: election timeouts, numbers of forwarded reads
   * @param log what the log storage holds
   * @param checkpoint what the state store holds; its membership is never empty
   * @param nowNanos monotonic time of the start
   */
  public record Start(
      ReplicaId id,
      RaftConfig config,
      RaftRules rules,
      RandomSource random,
      RecoveredLog log,
      SnapshotMetadata checkpoint,
      long nowNanos) {}

  private final ReplicaState state;
  private final ForwardedReads forwarded;
  private final Acknowledgement acknowledgement = new Acknowledgement();
  private final Roles roles;
  private final Election election;
  private final Follower follower;
  private final Inbox inbox;
  private final Completions completions = new Completions();

  /** The number of the Ready that was handed out last. */
  private long readyNumber;

  /** What {@link #ready} returned since the last input, so that {@link #advance} takes the same. */
  private @Nullable Ready offered;

  /**
   * @throws IllegalArgumentException if log and checkpoint leave a gap or contradict each other, or
   *     the membership is empty
   */
  public RaftNode(Start start) {
    state = new ReplicaState(start);
    forwarded = new ForwardedReads(start.config(), start.random(), start.nowNanos());
    roles = new Roles(state, forwarded, acknowledgement);
    election = new Election(state, roles);
    follower = new Follower(state, roles, acknowledgement);
    inbox = new Inbox(state, roles, election, follower, forwarded);
  }

  /** One tick of time has passed, however much time that was. */
  public void tick(long nowNanos) {
    beginInput(nowNanos);
    state.disk().onTick();
    Leader leader = roles.leader();
    if (leader == null) {
      forwarded.onTick(state.terms().leader(), state.terms().term(), state.outbox());
      election.onTick();
    } else if (state.isDiskStalled()) {
      giveUpForDisk(leader);
    } else if (!leader.onTick()) {
      long term = state.terms().term();
      roles.becomeFollower(term, ReplicaId.NONE);
      state.outbox().report(new ReplicaEvent.LostQuorum(term));
    } else if (state.rules().isReplicationStalled(leader.stalledTicks(), state.config())) {
      giveUpForOthers();
    }
  }

  /** The disk hangs: somebody else leads, at once if somebody can. */
  private void giveUpForDisk(Leader leader) {
    long term = state.terms().term();
    ReplicaId successor = leader.orderSuccessor();
    roles.becomeFollower(term, ReplicaId.NONE);
    state.outbox().report(new ReplicaEvent.DiskStalled(term, successor));
  }

  /** Nobody takes what this leader sends: somebody else leads, with a log that the others have. */
  private void giveUpForOthers() {
    long term = state.terms().term();
    roles.becomeFollower(term, ReplicaId.NONE);
    state.clock().holdBack();
    state
        .outbox()
        .report(
            new ReplicaEvent.ReplicationStalled(
                term, state.feed().commitIndex(), state.log().lastIndex()));
  }

  /**
   * How long a leader's entries have waited to be committed, with no sign that they will be, in
   * ticks; 0 if this replica does not lead.
   */
  public long stalledTicks() {
    Leader leader = roles.leader();
    return leader == null ? 0 : leader.stalledTicks();
  }

  /** A message has arrived from another replica. */
  public void step(ReplicaId from, RaftMessage message, long nowNanos) {
    beginInput(nowNanos);
    String problem = MessageChecks.problemOf(state.id(), from, message);
    if (problem.equals(MessageChecks.SOUND)) {
      problem = Contradictions.problemOf(state, from, message);
    }
    if (problem.equals(MessageChecks.SOUND)) {
      message.deliverTo(inbox, from);
    } else {
      state.outbox().report(new ReplicaEvent.MalformedMessage(from, message.kind(), problem));
    }
  }

  /** The connection to the process of another replica broke; it may have died. */
  public void onDisconnected(ReplicaId peer) {
    offered = null;
    election.onDisconnected(peer);
  }

  /** Something that a Ready asked for has happened. */
  public void step(Completion completion) {
    offered = null;
    completion.deliverTo(completions);
  }

  /**
   * Proposes commands, all of them or none. On success they are in this leader's log,
   * consecutively; whether they are ever committed shows in {@link Ready#committed}.
   *
   * @throws IllegalArgumentException if there are no commands
   */
  public ProposeResult propose(List<Bytes> commands) {
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("a proposal needs a command");
    }
    Leader leader = roles.leader();
    if (leader == null) {
      return new ProposeResult.NotLeader(state.terms().leader());
    }
    offered = null;
    return leader.propose(commands);
  }

  /**
   * Asks for an index such that state which contains it may serve a read that begins now. The
   * outcome comes in {@link Ready#reads}. A follower asks its leader.
   *
   * @param requestId names the outcome
   */
  public void readIndex(long requestId, long nowNanos) {
    beginInput(nowNanos);
    Leader leader = roles.leader();
    if (leader != null) {
      leader.onLocalRead(requestId);
    } else if (state.terms().leader().isNone() || !forwarded.maybeAdd(requestId)) {
      state.outbox().settleRead(requestId, 0, ReadOutcome.Status.DROPPED);
    }
  }

  /**
   * Begins to hand leadership over. Meanwhile proposals are refused with the target as hint. Gives
   * up by itself after an election timeout. A transfer to somebody else takes the place of an
   * earlier one.
   *
   * @return false if this replica does not lead or {@code to} is not another voter
   */
  public boolean transferLeadership(ReplicaId to) {
    Leader leader = roles.leader();
    offered = null;
    return leader != null && leader.transferTo(to);
  }

  private void beginInput(long nowNanos) {
    offered = null;
    state.observe(nowNanos);
  }

  /** Whether {@link #ready} has anything to say. Cheap. */
  public boolean hasReady() {
    Leader leader = roles.leader();
    return !state.outbox().isEmpty()
        || state.log().hasWrite()
        || state.terms().isChanged()
        || state.feed().hasBatch()
        || state.feed().needsFetch()
        || acknowledgement.isDue()
        || forwarded.isDue()
        || (leader != null && leader.isDue());
  }

  /**
   * Everything that is to be done now. A pure look: the same until the next input or {@link
   * #advance}.
   */
  public Ready ready() {
    Ready ready = offered;
    if (ready == null) {
      settle();
      HardStateChange change =
          state.terms().isChanged() ? HardStateChange.TERM_OR_VOTE : HardStateChange.NONE;
      LogWrite write =
          state.log().write(state.terms().toHardState(state.feed().commitIndex()), change);
      ready = state.outbox().toReady(readyNumber + 1, write, state.feed().batch());
      offered = ready;
    }
    return ready;
  }

  /** Turns what is due into messages: once a turn, so that what gathered shares them. */
  private void settle() {
    Leader leader = roles.leader();
    if (leader != null) {
      leader.settle();
    }
    if (acknowledgement.isDue()) {
      acknowledgement.settle(state);
    }
    if (forwarded.isDue()) {
      forwarded.ask(state.terms().leader(), state.terms().term(), state.outbox());
    }
    if (state.feed().needsFetch()) {
      state.feed().fetch(state.outbox());
    }
  }

  /**
   * The driver takes over what {@link #ready} returned and will carry it out.
   *
   * @throws IllegalStateException if {@link #ready} was not called since the last input
   */
  public void advance() {
    Ready taken = offered;
    if (taken == null) {
      throw new IllegalStateException("advance() takes what ready() returned; call that first");
    }
    offered = null;
    readyNumber = taken.number();
    if (!taken.logWrite().isEmpty()) {
      state.disk().handedOut(readyNumber);
    }
    state.terms().handedOut(readyNumber);
    state.log().handedOut(readyNumber);
    state.feed().handedOut(taken.committed());
    state.outbox().clear();
    state.log().evict(state.feed().commitIndex(), state.feed().appliedIndex(), state.config());
    checkInvariants();
  }

  /** A picture of this replica. */
  public RaftStatus status() {
    Leader leader = roles.leader();
    return new RaftStatus(
        state.id(),
        state.terms().term(),
        roles.role(),
        state.terms().leader(),
        state.log().firstIndex(),
        state.log().lastIndex(),
        state.log().durableIndex(),
        state.feed().commitIndex(),
        state.feed().appliedIndex(),
        state.membership(),
        leader == null ? List.of() : leader.toStatus());
  }

  /**
   * Checks what must hold between any two inputs; {@link #advance} does so itself.
   *
   * @throws InvariantViolation if something does not
   */
  public void checkInvariants() {
    state.checkInvariants();
    roles.checkInvariants();
  }

  /** Takes what the driver reports. */
  private final class Completions implements Completion.Handler {

    @Override
    public void onLogPersisted(LogPersisted completion) {
      long number = completion.readyNumber();
      Invariants.check(
          number <= readyNumber, "only what was handed out is persisted", number, readyNumber);
      state.disk().persisted(number);
      state.log().persisted(number);
      state.terms().persisted(number);
      election.onPersisted();
      Leader leader = roles.leader();
      if (leader != null) {
        leader.onPersisted();
      }
    }

    @Override
    public void onEntriesApplied(EntriesApplied completion) {
      state.feed().applied(completion.appliedIndex());
    }

    @Override
    public void onLogFetched(LogFetched completion) {
      Leader leader = roles.leader();
      boolean isTaken = state.feed().maybeTakeFetched(completion.fetchId(), completion.entries());
      if (!isTaken && leader != null) {
        leader.onFetched(completion.fetchId(), completion.entries());
      }
    }

    @Override
    public void onCheckpointDurable(CheckpointDurable completion) {
      EntryId last = completion.metadata().lastIncluded();
      if (last.index() < state.log().baseIndex()) {
        return; // A snapshot overtook it.
      }
      Invariants.check(state.log().contains(last), "a checkpoint agrees with the log");
      long covered = Math.min(last.index(), state.feed().appliedIndex());
      if (state.log().compact(covered - retainedEntries(covered))) {
        state.outbox().report(new ReplicaEvent.LogCompacted(state.log().baseId()));
      }
    }

    /**
     * Entries to keep behind a checkpoint. Who gets a snapshot will need what follows it: without
     * it, only another snapshot would help, and so on.
     */
    private long retainedEntries(long covered) {
      Leader leader = roles.leader();
      boolean isNeeded = leader != null && leader.isAnyBehind(covered);
      return isNeeded ? state.config().retainedForFollowers() : state.config().retainedEntries();
    }

    @Override
    public void onSnapshotInstalled(SnapshotInstalled completion) {
      follower.onSnapshotInstalled(completion.metadata());
    }

    @Override
    public void onSnapshotSent(SnapshotSent completion) {
      Leader leader = roles.leader();
      if (leader != null) {
        leader.onSnapshotSent(completion.to(), completion.installedIndex());
      }
    }
  }
}
