package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.AppendEntriesRejection;
import dev.ostrakon.raft.RaftMessage.AppendEntriesResponse;
import dev.ostrakon.raft.RaftMessage.HeartbeatResponse;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.ReadIndex;
import dev.ostrakon.raft.RaftMessage.ReadIndexResponse;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One leadership: from the election to the end of the term or the loss of the quorum. Everything in
 * here is volatile and starts afresh with the next one.
 */
final class Leader {

  private final ReplicaState state;
  private final Rounds rounds = new Rounds();
  private final Replicator replicator;
  private final LeaderLease lease;
  private final ReadRounds reads;
  private final LeadershipTransfer transfer;
  private final Quorum.Reached matched;
  private final Quorum.Reached answered;
  private final Quorum.Reached heard;

  /** The no-op that begins the term. */
  private final long firstIndexOfTerm;

  private long uncommittedBytes;
  private int ticksToHeartbeat;

  /** Ticks since entries wait and neither a commit nor a follower that catches up was seen. */
  private long stalledTicks;

  Leader(ReplicaState state) {
    this.state = state;
    this.firstIndexOfTerm = state.log().lastIndex() + 1;
    this.replicator = new Replicator(state, rounds);
    this.lease = new LeaderLease(state.config(), state.rules());
    this.reads = new ReadRounds(state.config().maxPendingReads(), state.rules());
    this.transfer = new LeadershipTransfer(state.config());
    this.matched = replicator::matchIndex;
    this.answered = replicator::acknowledgedRound;
    this.heard = replicator::lastHeardTick;
    this.ticksToHeartbeat = state.config().heartbeatTicks();
    // Raft paper 8: a no-op at the start of the term finds out which entries are committed.
    append(EntryKind.NOOP, Bytes.EMPTY);
    beginRound();
  }

  private void append(EntryKind kind, Bytes payload) {
    LogEntry entry = new LogEntry(state.log().lastIndex() + 1, state.terms().term(), kind, payload);
    state.log().append(entry);
    uncommittedBytes += entry.sizeBytes();
  }

  ProposeResult propose(List<Bytes> commands) {
    if (transfer.isUnderWay()) {
      return new ProposeResult.NotLeader(transfer.target());
    }
    long bytes = 0;
    for (int i = 0; i < commands.size(); i++) {
      bytes += LogEntry.OVERHEAD_BYTES + commands.get(i).size();
    }
    // A proposal larger than the bound passes alone, else it could never be made.
    if (isFull(uncommittedBytes, bytes) || isFull(state.log().inflightBytes(), bytes)) {
      return new ProposeResult.Overloaded();
    }
    EntryId first = new EntryId(state.terms().term(), state.log().lastIndex() + 1);
    for (int i = 0; i < commands.size(); i++) {
      append(EntryKind.COMMAND, commands.get(i));
    }
    return new ProposeResult.Accepted(first);
  }

  /** What is committed may still wait for the own disk, so both have the bound. */
  private boolean isFull(long waitingBytes, long moreBytes) {
    return waitingBytes > 0 && waitingBytes + moreBytes > state.config().maxUncommittedBytes();
  }

  /** One tick; returns false if no quorum was heard for an election timeout (thesis 6.2). */
  boolean onTick() {
    replicator.onTick();
    long silentTicks = replicator.tick() - state.quorum().reached(heard);
    if (state.rules().lostQuorum(silentTicks, state.config())) {
      return false;
    }
    if (transfer.isExpired(replicator.tick(), state.rules())) {
      transfer.abort();
      lease.onTransferAborted();
    }
    boolean isWaiting = state.feed().commitIndex() < state.log().lastIndex();
    stalledTicks = isWaiting ? stalledTicks + 1 : 0;
    ticksToHeartbeat--;
    if (ticksToHeartbeat <= 0) {
      ticksToHeartbeat = state.config().heartbeatTicks();
      beginRound();
      replicator.broadcastHeartbeat();
      transfer.onHeartbeat();
    }
    return true;
  }

  /** How long entries have waited to be committed, with no sign that they will be, in ticks. */
  long stalledTicks() {
    return stalledTicks;
  }

  /** Begins a round that confirms every read that waits. The caller sends what carries it. */
  private void beginRound() {
    long round = rounds.begin(state.nowNanos());
    if (reads.isWaiting() && mayServeReads()) {
      reads.assignTo(round, state.feed().commitIndex());
    }
    confirmRounds(); // A single voter is its own quorum.
  }

  private boolean mayServeReads() {
    long commitTerm = state.log().termAt(state.feed().commitIndex());
    return state.rules().mayServeReads(commitTerm, state.terms().term());
  }

  private void confirmRounds() {
    long round = state.quorum().reached(answered);
    if (!rounds.maybeConfirm(round)) {
      return;
    }
    if (rounds.isRemembered(round)) {
      lease.onConfirmed(rounds.startNanos(round));
    }
    while (reads.isConfirmedBy(round)) {
      ReadRounds.Batch batch = reads.takeOldest();
      for (int i = 0; i < batch.reads().size(); i++) {
        answerRead(batch.reads().origin(i), batch.reads().requestId(i), batch.readIndex());
      }
    }
  }

  /** A client of this replica wants to read. */
  void onLocalRead(long requestId) {
    if (!maybeServeRead(state.id(), requestId)) {
      state.outbox().settleRead(requestId, 0, ReadOutcome.Status.DROPPED);
    }
  }

  /** A follower wants to read. Without room it gets no answer and gives up by itself. */
  void onReadIndex(ReplicaId from, ReadIndex message) {
    maybeServeRead(from, message.requestId());
  }

  private boolean maybeServeRead(ReplicaId origin, long requestId) {
    if (lease.isValid(state.nowNanos()) && mayServeReads()) {
      answerRead(origin, requestId, state.feed().commitIndex());
      return true;
    }
    return reads.maybeAdd(origin, requestId);
  }

  private void answerRead(ReplicaId origin, long requestId, long readIndex) {
    if (origin.equals(state.id())) {
      state.outbox().settleRead(requestId, readIndex, ReadOutcome.Status.CONFIRMED);
      return;
    }
    Progress follower = replicator.follower(origin);
    if (follower != null) {
      // The follower serves the read once it has applied so far: let it know that it may.
      replicator.sendHeartbeat(follower);
      long term = state.terms().term();
      state.outbox().send(origin, new ReadIndexResponse(term, requestId, readIndex));
    }
  }

  void onAppendEntriesResponse(ReplicaId from, AppendEntriesResponse message) {
    Progress follower = hear(from, message.round());
    if (follower == null || message.matchIndex() > state.log().lastIndex()) {
      return;
    }
    long baseIndex = state.log().baseIndex();
    if (replicator.matchIndex(from) < state.feed().commitIndex()) {
      stalledTicks = 0; // It is catching up, and may be needed for the quorum.
    }
    if (follower.onMatched(message.matchIndex(), baseIndex, replicator.tick())) {
      maybeCommit();
    }
  }

  void onAppendEntriesRejection(ReplicaId from, AppendEntriesRejection message) {
    Progress follower = hear(from, message.round());
    if (follower != null && message.rejected().index() <= state.log().lastIndex()) {
      follower.onRejected(message.rejected(), message.hint(), state.log());
    }
  }

  void onHeartbeatResponse(ReplicaId from, HeartbeatResponse message) {
    Progress follower = hear(from, message.round());
    if (follower != null) {
      follower.onHeartbeatResponse(message.round(), replicator.tick());
    }
  }

  void onInstallSnapshotResponse(ReplicaId from, InstallSnapshotResponse message) {
    if (hear(from, 0) != null) {
      stalledTicks = 0;
      state.outbox().passOn(from, message);
    }
  }

  private @Nullable Progress hear(ReplicaId from, long round) {
    Progress follower = replicator.follower(from);
    if (follower == null) {
      return null;
    }
    follower.onHeard(replicator.tick());
    follower.onRound(Math.min(round, rounds.newest()));
    confirmRounds();
    return follower;
  }

  /** More of the own log is durable. */
  void onPersisted() {
    maybeCommit();
  }

  private void maybeCommit() {
    long reached = state.quorum().reached(matched);
    long committed = state.feed().commitIndex();
    if (reached <= committed
        || !state.rules().mayCommitByCounting(state.log().termAt(reached), state.terms().term())) {
      return;
    }
    for (long i = Math.max(committed + 1, firstIndexOfTerm); i <= reached; i++) {
      uncommittedBytes -= state.log().cached(i).sizeBytes();
    }
    state.feed().maybeCommitTo(reached);
    stalledTicks = 0;
  }

  void onFetched(long fetchId, List<LogEntry> entries) {
    replicator.onFetched(fetchId, entries);
  }

  /** See {@link Replicator#isAnyBehind}. */
  boolean isAnyBehind(long index) {
    return replicator.isAnyBehind(index);
  }

  void onSnapshotSent(ReplicaId to, long installedIndex) {
    Progress follower = replicator.follower(to);
    if (follower != null) {
      long known = Math.min(installedIndex, state.log().lastIndex());
      follower.onSnapshotSent(known, replicator.tick());
    }
  }

  /** See {@link RaftNode#transferLeadership}. */
  boolean transferTo(ReplicaId to) {
    if (to.equals(state.id()) || !state.membership().isVoter(to)) {
      return false;
    }
    transfer.start(to, replicator.tick());
    lease.onTransferStarted();
    return true;
  }

  /**
   * Tells the voter that holds most of the log to campaign at once, because this replica is about
   * to give up. Returns it, or {@link ReplicaId#NONE} if no other voter was heard of lately.
   */
  ReplicaId orderSuccessor() {
    ReplicaId successor = replicator.mostCompleteVoter();
    if (!successor.isNone()) {
      lease.onTimeoutNowSent();
      state.outbox().send(successor, new TimeoutNow(state.terms().term()));
    }
    return successor;
  }

  void onMembershipChanged() {
    replicator.onMembershipChanged();
    maybeCommit();
  }

  /** Whether {@link #settle} would do anything. */
  boolean isDue() {
    return isReadRoundDue() || isTransferOrderDue() || replicator.isDue();
  }

  /** Sends what has become due since the last turn, all of it in as few messages as possible. */
  void settle() {
    if (isTransferOrderDue()) {
      transfer.onOrderSent();
      lease.onTimeoutNowSent();
      state.outbox().send(transfer.target(), new TimeoutNow(state.terms().term()));
    }
    if (isReadRoundDue()) {
      beginRound();
      replicator.broadcastHeartbeat();
    }
    replicator.sendWhatIsDue();
  }

  private boolean isReadRoundDue() {
    return reads.isWaiting() && !reads.isRoundUnderWay() && mayServeReads();
  }

  private boolean isTransferOrderDue() {
    return transfer.isUnderWay()
        && transfer.isOrderDue(replicator.matchIndex(transfer.target()), state.log().lastIndex());
  }

  /** Leadership is over: nothing that hung on it will be confirmed. */
  void stepDown() {
    while (reads.isRoundUnderWay()) {
      drop(reads.takeOldest().reads());
    }
    drop(reads.takeWaiting());
  }

  private void drop(ReadList dropped) {
    for (int i = 0; i < dropped.size(); i++) {
      if (dropped.origin(i).equals(state.id())) {
        state.outbox().settleRead(dropped.requestId(i), 0, ReadOutcome.Status.DROPPED);
      }
    }
  }

  List<PeerProgress> toStatus() {
    return replicator.toStatus();
  }

  void checkInvariants() {
    replicator.checkInvariants();
    Invariants.check(
        uncommittedBytes >= 0, "uncommitted bytes are not negative", uncommittedBytes, 0);
  }
}
