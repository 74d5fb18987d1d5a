package dev.ostrakon.replica;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Hands committed entries to the state machine, one after the other, a bounded number in a turn.
 *
 * <p>Invariant: entries are applied consecutively, each exactly once between two restores.
 */
final class Applier<R> {

  /** Entries applied in one turn of the owner before others get theirs. */
  private static final int ENTRIES_PER_TURN = 256;

  /**
   * Bytes of entries applied in one turn, the one that exceeds it included: most of the work of an
   * entry is linear in its size.
   */
  private static final long BYTES_PER_TURN = 1 << 20; // 1 MiB

  /** No entry is begun in a turn that has taken so long. */
  private static final long NANOS_PER_TURN = 10_000_000; // 10 ms

  /** What the applier needs of its replica. */
  interface Host<R> {

    /** Asked between two entries; {@code false} holds the applier until {@link Applier#resume}. */
    boolean mayApplyNext();

    /** A command was applied. */
    void onApplied(LogEntry entry, R result);

    /** Everything up to {@code appliedIndex} is applied; told once per run of entries. */
    void onProgress(long appliedIndex);
  }

  private final StateMachine<R> machine;
  private final Scheduler scheduler;
  private final Turn turn;
  private final Host<R> host;
  private final ArrayDeque<LogEntry> queue = new ArrayDeque<>();

  private SnapshotMetadata restoredFrom;
  private EntryId applied;
  private long reported;

  /** Whether the state machine has an entry and has not called back yet. */
  private boolean applying;

  private boolean looping;

  /** Whether the host holds it, until {@link #resume}. */
  private boolean isHeld;

  private boolean isScheduled;
  private boolean stopped;

  Applier(
      StateMachine<R> machine,
      Scheduler scheduler,
      Turn turn,
      Host<R> host,
      SnapshotMetadata restoredFrom) {
    this.machine = machine;
    this.scheduler = scheduler;
    this.turn = turn;
    this.host = host;
    this.restoredFrom = restoredFrom;
    this.applied = restoredFrom.lastIncluded();
    this.reported = applied.index();
  }

  EntryId applied() {
    return applied;
  }

  /** What the state stands for now; call only while {@link #isBetweenEntries}. */
  SnapshotMetadata position() {
    return new SnapshotMetadata(applied, restoredFrom.membership());
  }

  boolean isBetweenEntries() {
    return !applying;
  }

  void add(List<LogEntry> committed) {
    queue.addAll(committed);
    run();
  }

  void resume() {
    run();
  }

  void stop() {
    stopped = true;
    queue.clear();
  }

  /** The state was replaced; entries that it contains are not applied any more. */
  void restored(SnapshotMetadata metadata) {
    restoredFrom = metadata;
    applied = metadata.lastIncluded();
    reported = applied.index();
    while (!queue.isEmpty() && queue.peekFirst().index() <= applied.index()) {
      queue.removeFirst();
    }
    machine.restored(metadata);
  }

  private void run() {
    if (looping || applying || stopped || isScheduled) {
      return;
    }
    looping = true;
    int entries = ENTRIES_PER_TURN;
    long bytes = BYTES_PER_TURN;
    long endNanos = scheduler.nowNanos() + NANOS_PER_TURN;
    while (mayGoOn() && entries > 0 && bytes > 0 && scheduler.nowNanos() - endNanos < 0) {
      entries--;
      bytes -= queue.getFirst().payload().size();
      applyNext();
    }
    looping = false;
    if (!stopped) {
      report();
      if (!applying && !stopped && !queue.isEmpty() && !isHeld) {
        scheduleNext();
      }
    }
  }

  private boolean mayGoOn() {
    if (applying || stopped || queue.isEmpty()) {
      return false;
    }
    isHeld = !host.mayApplyNext();
    return !isHeld;
  }

  /** The budget of this turn is used up, and there is more. */
  private void scheduleNext() {
    if (!isScheduled) {
      isScheduled = true;
      scheduler.execute(
          () -> {
            isScheduled = false;
            turn.run(this::run);
          });
    }
  }

  private void applyNext() {
    LogEntry entry = queue.removeFirst();
    if (entry.index() != applied.index() + 1) {
      throw new InvariantViolation(
          "entries are applied consecutively, expected "
              + (applied.index() + 1)
              + ", was "
              + entry.index());
    }
    if (entry.kind() != EntryKind.COMMAND) {
      applied = entry.id();
      return;
    }
    applying = true;
    machine.apply(entry, result -> turn.run(() -> onApplied(entry, result)));
  }

  private void onApplied(LogEntry entry, R result) {
    if (!applying || entry.index() != applied.index() + 1) {
      throw new InvariantViolation("the state machine ended entry " + entry.id() + " twice");
    }
    applying = false;
    applied = entry.id();
    host.onApplied(entry, result);
    run();
  }

  private void report() {
    if (reported < applied.index()) {
      reported = applied.index();
      host.onProgress(reported);
    }
  }
}
