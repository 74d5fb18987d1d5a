package dev.ostrakon.group;

import dev.ostrakon.group.command.BatchWriter;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.replica.ProposalOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commands on their way into the log. All that gathers in one turn, or while enough entries are in
 * flight, becomes one entry, within the bounds of an entry.
 *
 * <p>Two lanes with bounds of their own: new work, and what brings earlier work to its end, which
 * goes first. So whatever others wait for never waits for them.
 *
 * <p>A copy of a request that is in here, or in an entry that is not applied yet, joins it: the
 * request is logged once, however impatient its sender is.
 */
final class CommandQueue {
  /**
   * An entry that was proposed is waited for until it is applied or leadership is lost, however
   * long its callers wait: what gave it up early would let copies pile up behind it.
   */
  private static final long PROPOSAL_NANOS = 3_600_000_000_000L; // 1 h

  /** Commands of one kind that wait to be proposed. */
  private final class Lane {
    final PendingCalls calls;
    final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    long bytes;

    Lane(PendingCalls calls) {
      this.calls = calls;
    }

    boolean hasRoom(long more) {
      return !calls.isFull() && (waiting.isEmpty() || bytes + more <= config.commandBytesMax());
    }

    void add(Submission submission) {
      waiting.addLast(submission);
      bytes += submission.bytes();
    }

    Submission remove() {
      Submission next = waiting.removeFirst();
      bytes -= next.bytes();
      return next;
    }

    void prune() {
      waiting.removeIf(
          submission -> {
            boolean isOver = isOver(submission);
            if (isOver) {
              bytes -= submission.bytes();
              forget(submission);
            }
            return isOver;
          });
    }
  }

  private final ShardFrontConfig config;
  private final GroupRules rules;
  private final HybridLogicalClock clock;
  private final FrontReplica replica;
  private final Lane newWork;
  private final Lane settling;

  /** New work that is waiting or in an entry that is not applied yet. Never iterated. */
  private final Map<TxnId, Submission> byTxn = new HashMap<>();

  private int inFlight;
  private boolean isFlushScheduled;
  private long batchCount;
  private long commandCount;
  private long joinedCount;

  /**
   * @param newCalls who waits for new work
   * @param settlingCalls who waits for what brings earlier work to its end
   */
  CommandQueue(
      ShardFrontConfig config,
      GroupRules rules,
      HybridLogicalClock clock,
      FrontReplica replica,
      PendingCalls newCalls,
      PendingCalls settlingCalls) {
    this.config = config;
    this.rules = rules;
    this.clock = clock;
    this.replica = replica;
    this.newWork = new Lane(newCalls);
    this.settling = new Lane(settlingCalls);
  }

  long batchCount() {
    return batchCount;
  }

  long commandCount() {
    return commandCount;
  }

  /** What waits to be proposed takes so much of the heap; an estimate. */
  long waitingBytes() {
    return newWork.bytes + settling.bytes;
  }

  /** How many copies have joined what was on its way already. */
  long joinedCount() {
    return joinedCount;
  }

  private Lane laneOf(Command command) {
    return switch (command.kind()) {
      case EXECUTE, ORDER -> newWork;
      case FINALISE, REFUSE, APPLY, FORGET, ADOPT, ACKNOWLEDGE -> settling;
    };
  }

  /** Whether there is room for a command of this size; for one there always is. */
  boolean hasRoom(Command command, long bytes) {
    return laneOf(command).hasRoom(bytes);
  }

  /**
   * Waits for a request that is on its way already; false if none is.
   *
   * @param command with that request
   */
  boolean maybeJoin(
      Command command, long deadlineNanos, Consumer<FrontAnswer<CommandResult>> listener) {
    Request request = Submission.requestOf(command);
    Submission earlier = request == null ? null : byTxn.get(request.id());
    if (earlier == null || !earlier.isCopiedBy(command)) {
      return false;
    }
    joinedCount++;
    PendingCalls calls = laneOf(command).calls;
    if (calls.isFull()) {
      listener.accept(new FrontAnswer.Overloaded<>(config.retryAfterMillis()));
    } else {
      earlier.join(calls.add(deadlineNanos, listener));
    }
    return true;
  }

  /** Takes a command, at a leader with room for it. */
  void add(
      Command command,
      long bytes,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> listener) {
    Lane lane = laneOf(command);
    Submission submission = new Submission(command, bytes, lane.calls.add(deadlineNanos, listener));
    lane.add(submission);
    Request request = Submission.requestOf(command);
    if (request != null) {
      byTxn.putIfAbsent(request.id(), submission);
    }
    scheduleFlush();
  }

  /** Some calls have ended: forgets what nobody waits for and was not proposed. */
  void prune() {
    newWork.prune();
    settling.prune();
  }

  private void forget(Submission submission) {
    Request request = Submission.requestOf(submission.command());
    if (request != null) {
      byTxn.remove(request.id(), submission);
    }
  }

  /** Logs an entry without commands, so that the group's clock moves, unless one is on its way. */
  void logTime() {
    if (!isAnythingWaiting() && inFlight == 0) {
      propose(new BatchWriter(), List.of());
    }
  }

  private boolean isAnythingWaiting() {
    return !newWork.waiting.isEmpty() || !settling.waiting.isEmpty();
  }

  private void scheduleFlush() {
    if (!isFlushScheduled && inFlight < config.batchesInFlightMax()) {
      isFlushScheduled = true;
      replica.execute(this::flush);
    }
  }

  private void flush() {
    isFlushScheduled = false;
    while (inFlight < config.batchesInFlightMax() && isAnythingWaiting()) {
      proposeNext();
    }
  }

  private void proposeNext() {
    BatchWriter writer = new BatchWriter();
    List<Submission> batch = new ArrayList<>();
    fill(settling, writer, batch);
    fill(newWork, writer, batch);
    if (!batch.isEmpty()) {
      propose(writer, batch);
    }
  }

  private void fill(Lane lane, BatchWriter writer, List<Submission> batch) {
    while (!lane.waiting.isEmpty()
        && batch.size() < config.batchCommandsMax()
        && writer.size() < config.batchBytesMax()) {
      Submission next = lane.remove();
      if (isOver(next)) {
        forget(next);
      } else {
        writer.add(next.command());
        next.logged();
        batch.add(next);
      }
    }
  }

  /** Whether nobody waits any more for what was not logged yet: all were told that nothing was. */
  private boolean isOver(Submission submission) {
    return !submission.isWanted() && rules.logsOnlyWhatIsAwaited();
  }

  private void propose(BatchWriter writer, List<Submission> batch) {
    inFlight++;
    batchCount++;
    commandCount += batch.size();
    replica.propose(
        writer.toBytes(clock.now()),
        replica.nowNanos() + PROPOSAL_NANOS,
        outcome -> onOutcome(batch, outcome));
  }

  private void onOutcome(List<Submission> batch, ProposalOutcome<BatchResult> outcome) {
    inFlight--;
    batch.forEach(this::forget);
    if (isAnythingWaiting()) {
      scheduleFlush();
    }
    if (outcome instanceof ProposalOutcome.Applied<BatchResult> applied) {
      onApplied(batch, applied.result().results());
    } else if (outcome instanceof ProposalOutcome.NotLeader<BatchResult> elsewhere) {
      Optional<NodeId> leader = replica.nodeOf(elsewhere.leaderHint());
      endAll(batch, new FrontAnswer.NotLeader<>(leader));
    } else if (outcome instanceof ProposalOutcome.Overloaded<BatchResult>) {
      endAll(batch, new FrontAnswer.Overloaded<>(config.retryAfterMillis()));
    } else if (outcome instanceof ProposalOutcome.TooLarge<BatchResult> large) {
      Refusal refusal =
          new Refusal(
              Refusal.Reason.LIMIT_EXCEEDED,
              "a log entry is limited to "
                  + large.bytesMax()
                  + " bytes, was "
                  + large.bytes()
                  + ": use fewer operations");
      endAll(batch, new FrontAnswer.Denied<>(refusal));
    } else {
      endAll(batch, new FrontAnswer.Unknown<>());
    }
  }

  private static void onApplied(List<Submission> batch, List<CommandResult> results) {
    if (results.size() == batch.size()) {
      for (int i = 0; i < results.size(); i++) {
        batch.get(i).end(new FrontAnswer.Done<>(results.get(i)));
      }
    } else {
      Refusal refusal = new Refusal(Refusal.Reason.INVALID, "the entry could not be read");
      endAll(batch, new FrontAnswer.Denied<>(refusal));
    }
  }

  private static void endAll(List<Submission> batch, FrontAnswer<CommandResult> answer) {
    batch.forEach(submission -> submission.end(answer));
  }
}
