package dev.ostrakon.group;

import dev.ostrakon.group.command.BatchWriter;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.replica.ProposalOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Commands on their way into the log. All that gathers in one turn, or while enough entries are in
 * flight, becomes one entry, within the bounds of an entry.
 */
final class CommandQueue {
  private record Waiting(Command command, long bytes, PendingCall<CommandResult> call) {}

  private final ShardFrontConfig config;
  private final HybridLogicalClock clock;
  private final FrontReplica replica;
  private final PendingCalls calls;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private int inFlight;
  private boolean isFlushScheduled;
  private long batchCount;
  private long commandCount;

  CommandQueue(
      ShardFrontConfig config, HybridLogicalClock clock, FrontReplica replica, PendingCalls calls) {
    this.config = config;
    this.clock = clock;
    this.replica = replica;
    this.calls = calls;
  }

  long batchCount() {
    return batchCount;
  }

  long commandCount() {
    return commandCount;
  }

  /** What waits to be proposed takes so much of the heap; an estimate. */
  long waitingBytes() {
    return waitingBytes;
  }

  /** Whether there is room for a command of this size; for one there always is. */
  boolean hasRoom(long bytes) {
    return !calls.isFull()
        && (waiting.isEmpty() || waitingBytes + bytes <= config.commandBytesMax());
  }

  /** Takes a command, at a leader with room for it. */
  void add(
      Command command,
      long bytes,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> listener) {
    waiting.addLast(new Waiting(command, bytes, calls.add(deadlineNanos, listener)));
    waitingBytes += bytes;
    scheduleFlush();
  }

  /** Logs an entry without commands, so that the group's clock moves, unless one is on its way. */
  void logTime(long deadlineNanos) {
    if (waiting.isEmpty() && inFlight == 0) {
      propose(new BatchWriter(), List.of(), deadlineNanos);
    }
  }

  private void scheduleFlush() {
    if (!isFlushScheduled && inFlight < config.batchesInFlightMax()) {
      isFlushScheduled = true;
      replica.execute(this::flush);
    }
  }

  private void flush() {
    isFlushScheduled = false;
    while (inFlight < config.batchesInFlightMax() && !waiting.isEmpty()) {
      proposeNext();
    }
  }

  private void proposeNext() {
    BatchWriter writer = new BatchWriter();
    List<PendingCall<CommandResult>> batch = new ArrayList<>();
    long deadlineNanos = replica.nowNanos();
    while (!waiting.isEmpty()
        && batch.size() < config.batchCommandsMax()
        && writer.size() < config.batchBytesMax()) {
      Waiting next = waiting.removeFirst();
      waitingBytes -= next.bytes();
      if (!next.call().isEnded()) {
        writer.add(next.command());
        next.call().logged();
        batch.add(next.call());
        deadlineNanos = Math.max(deadlineNanos, next.call().deadlineNanos);
      }
    }
    if (!batch.isEmpty()) {
      propose(writer, batch, deadlineNanos);
    }
  }

  private void propose(
      BatchWriter writer, List<PendingCall<CommandResult>> batch, long deadlineNanos) {
    inFlight++;
    batchCount++;
    commandCount += batch.size();
    replica.propose(
        writer.toBytes(clock.now()), deadlineNanos, outcome -> onOutcome(batch, outcome));
  }

  private void onOutcome(
      List<PendingCall<CommandResult>> batch, ProposalOutcome<BatchResult> outcome) {
    inFlight--;
    if (!waiting.isEmpty()) {
      scheduleFlush();
    }
    if (outcome instanceof ProposalOutcome.Applied<BatchResult> applied) {
      onApplied(batch, applied.result().results());
    } else if (outcome instanceof ProposalOutcome.NotLeader<BatchResult> elsewhere) {
      Optional<NodeId> leader = replica.nodeOf(elsewhere.leaderHint());
      endAll(batch, () -> new FrontAnswer.NotLeader<>(leader));
    } else if (outcome instanceof ProposalOutcome.Overloaded<BatchResult>) {
      endAll(batch, () -> new FrontAnswer.Overloaded<>(config.retryAfterMillis()));
    } else {
      endAll(batch, FrontAnswer.Unknown::new);
    }
  }

  private static void onApplied(
      List<PendingCall<CommandResult>> batch, List<CommandResult> results) {
    if (results.size() == batch.size()) {
      for (int i = 0; i < results.size(); i++) {
        batch.get(i).end(new FrontAnswer.Done<>(results.get(i)));
      }
    } else {
      Refusal refusal = new Refusal(Refusal.Reason.INVALID, "the entry could not be read");
      endAll(batch, () -> new FrontAnswer.Denied<>(refusal));
    }
  }

  private static void endAll(
      List<PendingCall<CommandResult>> batch, Supplier<FrontAnswer<CommandResult>> answer) {
    batch.forEach(call -> call.end(answer.get()));
  }
}
