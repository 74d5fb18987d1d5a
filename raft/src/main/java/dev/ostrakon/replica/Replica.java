package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.Completion;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.Envelope;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.ProposeResult;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.TransferState;
import dev.ostrakon.raft.RaftNode;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReadOutcome;
import dev.ostrakon.raft.Ready;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.SnapshotReceiver.Installation;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a Raft group: carries out what its {@link RaftNode} decides.
 *
 * <p>Threading: confined to its owner; every method must be called there, the constructor too. What
 * callers hand in is called back on the owner, perhaps before the method returns.
 *
 * <p>Failure: a storage error or a violated invariant stops the replica for good (it no longer
 * votes, acknowledges or serves); the observer is told why.
 *
 * @param <R> the state machine's result of one command
 */
public final class Replica<R> {

  /* How one turn goes.
   *
   * Whatever comes in (a tick, a message, a proposal, a completion) changes the core at once and
   * leaves the rest to one flush at the end of the turn, so that everything which arrives in a turn
   * shares its messages and its log write. A flush takes Readys from the core until there are none.
   *
   * Durability. Ready separates messages that may leave now from those that wait for the disk;
   * PersistQueue keeps the latter in order. Many writes may be on their way at once.
   *
   * Applying goes on beside, strictly in order (Applier). Between two entries, and only there, the
   * state may be frozen for a checkpoint (Checkpointer) or replaced by a snapshot (SnapshotReceiver).
   * The two exclude each other: an installation waits for a running checkpoint, and no checkpoint
   * starts while an installation waits.
   *
   * A checkpoint may be ahead of the own log's durable part: what is applied is committed, so a
   * quorum holds it, and at the next start the log begins anew at the checkpoint.
   */

  /** Readys carried out in one turn before others get theirs. */
  private static final int READYS_PER_TURN = 64;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long STALLED_SECONDS_MIN = 5;

  /**
   * What a replica starts from.
   *
   * @param bootstrap the membership of the group when it was made; used until a checkpoint has one
   * @param log what {@link LogStorage#recover} returned
   * @param checkpoint what {@link StateStore#recover} returned
   */
  public record Start(
      ReplicaId id,
      ReplicaConfig config,
      RaftRules rules,
      RandomSource random,
      Membership bootstrap,
      RecoveredLog log,
      SnapshotMetadata checkpoint) {

    private SnapshotMetadata effectiveCheckpoint() {
      return checkpoint.membership().equals(Membership.EMPTY)
          ? new SnapshotMetadata(checkpoint.lastIncluded(), bootstrap)
          : checkpoint;
    }
  }

  private final ReplicaConfig config;
  private final ReplicaPorts ports;
  private final ReplicaObserver observer;
  private final StateMachine<R> machine;
  private final RaftNode core;
  private final PersistQueue persistQueue;
  private final PendingProposals<R> proposals;
  private final PendingReads reads;
  private final Applier<R> applier;
  private final Checkpointer checkpointer;
  private final SnapshotReceiver receiver;
  private final Turn turn = new OwnTurn();
  private final SnapshotSenders senders;

  private @Nullable Installation pendingInstallation;
  private boolean installing;
  private long leadingTerm;
  private long checkpointIndex;
  private long malformedCount;

  /** Whether the entries that came last cannot be read here. */
  private boolean isLeaderUnreadable;

  private boolean flushScheduled;
  private boolean stopped;

  /**
   * @throws IllegalArgumentException if log and checkpoint do not fit together
   */
  public Replica(
      Start start, ReplicaPorts ports, StateMachine<R> machine, ReplicaObserver observer) {
    this.config = start.config();
    this.ports = ports;
    this.observer = observer;
    this.machine = machine;
    SnapshotMetadata checkpoint = start.effectiveCheckpoint();
    long nowNanos = ports.scheduler().nowNanos();
    this.core =
        new RaftNode(
            new RaftNode.Start(
                start.id(),
                start.config().raft(),
                start.rules(),
                start.random(),
                start.log(),
                checkpoint,
                nowNanos));
    this.persistQueue = new PersistQueue(this::send);
    this.proposals = new PendingProposals<>(config.maxPendingProposals());
    this.reads = new PendingReads(config.raft().maxPendingReads(), start.rules());
    this.applier = new Applier<>(machine, ports.scheduler(), turn, new ApplierHost(), checkpoint);
    this.checkpointer =
        new Checkpointer(ports.state(), machine, config, turn, this::onCheckpointDurable);
    this.checkpointer.restart(checkpoint.index(), nowNanos);
    this.checkpointIndex = checkpoint.index();
    this.senders =
        new SnapshotSenders(ports.state(), config, this::send, this::onSnapshotSent, turn);
    this.receiver = new SnapshotReceiver(ports.state(), config, new ReceiverHost(), turn);
    machine.restored(checkpoint);
    scheduleFlush();
  }

  /** One tick of time has passed, see {@link dev.ostrakon.raft.RaftConfig#tickNanos}. */
  public void tick() {
    turn.run(
        () -> {
          long nowNanos = ports.scheduler().nowNanos();
          core.tick(nowNanos);
          proposals.expire(nowNanos);
          reads.expire(nowNanos);
          senders.tick();
          receiver.tick();
          maybeCheckpoint();
        });
  }

  /** A message of another replica has arrived. */
  public void deliver(ReplicaId from, RaftMessage message) {
    turn.run(
        () -> {
          if (!EntrySizes.fit(message, ports.log().entryBytesMax())) {
            onEvent(EntrySizes.problemOf(from, message));
          } else if (isReadable(message)) {
            core.step(from, message, ports.scheduler().nowNanos());
          } else {
            turnAway(from, message.kind(), "an entry of an unknown version");
          }
        });
  }

  /** Whether what the message wants logged can be applied here. */
  private boolean isReadable(RaftMessage message) {
    if (message instanceof RaftMessage.AppendEntries append) {
      List<LogEntry> entries = append.entries();
      for (int i = 0; i < entries.size(); i++) {
        LogEntry entry = entries.get(i);
        if (entry.kind() == EntryKind.COMMAND && !machine.isReadable(entry.payload())) {
          isLeaderUnreadable = true;
          return false;
        }
      }
      isLeaderUnreadable &= entries.isEmpty();
    }
    return true;
  }

  private void turnAway(ReplicaId from, RaftMessage.Kind kind, String problem) {
    onEvent(new ReplicaEvent.MalformedMessage(from, kind, problem));
  }

  /** Messages that were ignored because no correct replica sends them, since the start. */
  public long malformedCount() {
    return malformedCount;
  }

  /** What keeps the replica from taking part, for operators; empty if nothing does. */
  public String problem() {
    long seconds = core.stalledTicks() * config.raft().tickNanos() / NANOS_PER_SECOND;
    if (stopped) {
      return "stopped";
    } else if (leadingTerm == 0 && isLeaderUnreadable) {
      return "cannot read the entries of its leader: the leader runs a newer version, start this"
          + " node with it";
    } else if (seconds >= STALLED_SECONDS_MIN) {
      return "nothing is committed for " + seconds + " s although a majority answers";
    }
    return "";
  }

  /**
   * The connection to the process of another replica broke. If that one leads, this replica
   * campaigns sooner.
   */
  public void onDisconnected(ReplicaId peer) {
    turn.run(() -> core.onDisconnected(peer));
  }

  /**
   * Proposes a command. {@code done} is called exactly once.
   *
   * @param deadlineNanos on the scheduler's clock; afterwards the outcome is unknown
   */
  public void propose(Bytes command, long deadlineNanos, Consumer<ProposalOutcome<R>> done) {
    requireOwner();
    if (stopped) {
      done.accept(new ProposalOutcome.NotLeader<>(ReplicaId.NONE));
    } else if (command.size() > ports.log().entryBytesMax()) {
      done.accept(new ProposalOutcome.TooLarge<>(command.size(), ports.log().entryBytesMax()));
    } else if (proposals.isFull()) {
      done.accept(new ProposalOutcome.Overloaded<>());
    } else {
      turn.run(() -> proposeAtCore(command, deadlineNanos, done));
    }
  }

  private void proposeAtCore(Bytes command, long deadlineNanos, Consumer<ProposalOutcome<R>> done) {
    ProposeResult result = core.propose(List.of(command));
    if (result instanceof ProposeResult.Accepted accepted) {
      proposals.add(accepted.first(), deadlineNanos, done);
    } else if (result instanceof ProposeResult.NotLeader elsewhere) {
      done.accept(new ProposalOutcome.NotLeader<>(elsewhere.leaderHint()));
    } else {
      done.accept(new ProposalOutcome.Overloaded<>());
    }
  }

  /**
   * Asks for the right to read the state machine. {@code done} is called exactly once; if with
   * {@link ReadResult#READY}, the state at that moment contains every command that was acknowledged
   * before this call.
   */
  public void read(long deadlineNanos, Consumer<ReadResult> done) {
    requireOwner();
    if (stopped) {
      done.accept(ReadResult.STOPPED);
    } else if (reads.isFull()) {
      done.accept(ReadResult.DROPPED);
    } else {
      turn.run(() -> core.readIndex(reads.add(deadlineNanos, done), ports.scheduler().nowNanos()));
    }
  }

  /**
   * Starts to hand leadership over; false if this replica does not lead or cannot hand it there.
   */
  public boolean transferLeadership(ReplicaId to) {
    requireOwner();
    if (stopped) {
      return false;
    }
    boolean started = core.transferLeadership(to);
    scheduleFlush();
    return started;
  }

  /** Stops for good. No port is called afterwards. */
  public void stop() {
    requireOwner();
    if (!stopped) {
      stopped = true;
      applier.stop();
      senders.abort();
      receiver.abort();
      proposals.abandon();
      reads.abandon();
    }
  }

  /**
   * Stops for good because storage failed where only the state machine could notice; the observer
   * is told as for any other failure.
   */
  public void fail(StorageException cause) {
    turn.run(() -> failStop(cause));
  }

  public boolean isStopped() {
    return stopped;
  }

  /** The term in which this replica leads; 0 if it does not. Cheaper than {@link #status}. */
  public long leadingTerm() {
    return stopped ? 0 : leadingTerm;
  }

  /** The log up to here is contained in a durable checkpoint. */
  public long checkpointIndex() {
    return checkpointIndex;
  }

  public RaftStatus status() {
    return core.status();
  }

  /**
   * Whether everything that the core has decided was carried out; for tests, which compare what it
   * says with what its ports were told.
   */
  public boolean isSettled() {
    return !core.hasReady();
  }

  /** Checks the core's invariants; for tests, which call it after every step. */
  public void checkInvariants() {
    core.checkInvariants();
  }

  private void scheduleFlush() {
    if (!flushScheduled && !stopped) {
      flushScheduled = true;
      ports.scheduler().execute(() -> turn.run(this::flush));
    }
  }

  private void flush() {
    flushScheduled = false;
    for (int i = 0; i < READYS_PER_TURN && !stopped && core.hasReady(); i++) {
      Ready ready = core.ready();
      core.advance();
      carryOut(ready);
    }
  }

  private void carryOut(Ready ready) {
    ready.messages().forEach(this::send);
    persist(ready);
    ready.events().forEach(this::onEvent);
    ready.logFetches().forEach(this::fetch);
    ready.snapshotMessages().forEach(this::onSnapshotMessage);
    if (leadingTerm != 0) {
      ready.snapshotsToSend().forEach(to -> senders.start(to, leadingTerm));
    }
    for (ReadOutcome outcome : ready.reads()) {
      reads.onOutcome(outcome, applier.applied().index());
    }
    if (!ready.committed().isEmpty()) {
      applier.add(ready.committed());
    }
  }

  private void send(Envelope envelope) {
    if (!stopped) {
      ports.transport().send(envelope.peer(), envelope.message());
    }
  }

  private void persist(Ready ready) {
    persistQueue.add(ready);
    if (!ready.logWrite().isEmpty()) {
      ports
          .log()
          .persist(
              ready.logWrite(),
              turn.callback(
                  ignored -> {
                    core.step(new Completion.LogPersisted(ready.number()));
                    persistQueue.onDurable(ready.number());
                  }));
    }
  }

  private void fetch(LogFetch fetch) {
    ports
        .log()
        .read(
            fetch,
            turn.callback(
                entries -> core.step(new Completion.LogFetched(fetch.fetchId(), entries))));
  }

  private void onEvent(ReplicaEvent event) {
    if (event instanceof ReplicaEvent.BecameLeader leader) {
      leadingTerm = leader.term();
    } else if (event instanceof ReplicaEvent.BecameFollower
        || event instanceof ReplicaEvent.BecamePreCandidate
        || event instanceof ReplicaEvent.BecameCandidate) {
      onLeadershipLost();
    }
    if (event instanceof ReplicaEvent.MalformedMessage) {
      malformedCount++;
    }
    observer.onEvent(event);
  }

  private void onLeadershipLost() {
    if (leadingTerm != 0) {
      leadingTerm = 0;
      senders.abort();
      proposals.abandon();
    }
  }

  private void onSnapshotMessage(Envelope envelope) {
    if (envelope.message() instanceof InstallSnapshot chunk) {
      receiver.onChunk(envelope.peer(), chunk);
    } else if (envelope.message() instanceof InstallSnapshotResponse response) {
      senders.onResponse(envelope.peer(), response);
    }
  }

  private void onSnapshotSent(Completion.SnapshotSent sent) {
    core.step(sent);
  }

  private void maybeCheckpoint() {
    long nowNanos = ports.scheduler().nowNanos();
    if (applier.isBetweenEntries()
        && pendingInstallation == null
        && !installing
        && checkpointer.isDue(applier.applied().index(), nowNanos)) {
      checkpointer.take(applier.position(), nowNanos);
    }
  }

  private void onCheckpointDurable(SnapshotMetadata metadata) {
    checkpointIndex = metadata.index();
    core.step(new Completion.CheckpointDurable(metadata));
    maybeInstall();
    applier.resume();
  }

  private void maybeInstall() {
    Installation installation = pendingInstallation;
    if (installation == null
        || installing
        || checkpointer.isRunning()
        || !applier.isBetweenEntries()) {
      return;
    }
    pendingInstallation = null;
    SnapshotMetadata metadata = installation.head().metadata();
    if (metadata.index() <= core.status().commitIndex()) {
      // The log was quicker: the state holds what the snapshot holds, or soon will.
      installation.writer().abort();
      installation.finished().done(TransferState.INSTALLED);
      applier.resume();
      return;
    }
    installing = true;
    installation.writer().commit(turn.callback(ignored -> onInstalled(installation)));
  }

  private void onInstalled(Installation installation) {
    SnapshotMetadata metadata = installation.head().metadata();
    installing = false;
    applier.restored(metadata);
    checkpointIndex = metadata.index();
    checkpointer.restart(metadata.index(), ports.scheduler().nowNanos());
    core.step(new Completion.SnapshotInstalled(metadata));
    installation.finished().done(TransferState.INSTALLED);
    applier.resume();
    reads.onApplied(applier.applied().index());
  }

  private void failStop(Throwable cause) {
    if (!stopped) {
      stop();
      observer.onStopped(cause);
    }
  }

  private void requireOwner() {
    if (!ports.scheduler().isOwner()) {
      throw new IllegalStateException("a replica is touched by its owner only");
    }
  }

  private final class ApplierHost implements Applier.Host<R> {
    @Override
    public boolean mayApplyNext() {
      maybeCheckpoint();
      maybeInstall();
      return pendingInstallation == null && !installing && !checkpointer.holdsApplying();
    }

    @Override
    public void onApplied(LogEntry entry, R result) {
      proposals.onApplied(entry, result);
    }

    @Override
    public void onProgress(long appliedIndex) {
      core.step(new Completion.EntriesApplied(appliedIndex));
      reads.onApplied(appliedIndex);
      maybeCheckpoint();
      maybeInstall();
    }
  }

  private final class ReceiverHost implements SnapshotReceiver.Host {
    @Override
    public void respond(ReplicaId to, InstallSnapshotResponse response) {
      send(new Envelope(to, response));
    }

    @Override
    public void install(Installation installation) {
      pendingInstallation = installation;
      maybeInstall();
    }

    @Override
    public SnapshotCheck check() {
      return machine.snapshotCheck();
    }

    @Override
    public void turnedAway(ReplicaId from, StorageException cause) {
      turnAway(from, RaftMessage.Kind.INSTALL_SNAPSHOT, String.valueOf(cause.getMessage()));
    }
  }

  private final class OwnTurn implements Turn {
    @Override
    public void run(Runnable input) {
      requireOwner();
      if (stopped) {
        return;
      }
      try {
        input.run();
        if (core.hasReady()) {
          scheduleFlush();
        }
      } catch (Throwable cause) {
        // The driver's boundary: whatever went wrong, this replica must not go on.
        failStop(cause);
      }
    }

    @Override
    public <T> Callback<T> callback(Consumer<T> success) {
      return new Callback<>() {
        @Override
        public void succeeded(T value) {
          run(() -> success.accept(value));
        }

        @Override
        public void failed(StorageException cause) {
          run(() -> failStop(cause));
        }
      };
    }
  }
}
