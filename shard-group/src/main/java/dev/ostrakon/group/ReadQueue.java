package dev.ostrakon.group;

import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads on their way: all of a turn have leadership confirmed together, then each waits until
 * nothing is in its way and its keys are in memory.
 */
final class ReadQueue {
  /** Reads served in a turn before others get theirs: no further one is begun after so long. */
  private static final long NANOS_PER_TURN = 10_000_000; // 10 ms

  /** How many reads are served between two looks at the clock. */
  private static final int READS_PER_LOOK = 8;

  private final ShardFrontConfig config;
  private final GroupRules rules;
  private final FrontReplica replica;
  private final ShardStateMachine machine;
  private final StateStore store;

  /** Reads of this turn, to be confirmed together. */
  private List<Reading> gathering = new ArrayList<>();

  /** Confirmed reads that wait for a transaction that is ready. */
  private final Map<TxnId, List<Reading>> behind = new LinkedHashMap<>();

  /** Confirmed reads that wait for the state to be read back. */
  private List<Reading> unloaded = new ArrayList<>();

  private long indexCount;
  private long diskCount;
  private long waitedCount;

  ReadQueue(
      ShardFrontConfig config,
      GroupRules rules,
      FrontReplica replica,
      ShardStateMachine machine,
      StateStore store) {
    this.config = config;
    this.rules = rules;
    this.replica = replica;
    this.machine = machine;
    this.store = store;
  }

  long indexCount() {
    return indexCount;
  }

  long diskCount() {
    return diskCount;
  }

  long waitedCount() {
    return waitedCount;
  }

  /** Takes a read, at a leader. */
  void add(Reading reading) {
    if (gathering.isEmpty()) {
      replica.execute(this::confirm);
    }
    gathering.add(reading);
  }

  private void confirm() {
    List<Reading> readings = gathering;
    gathering = new ArrayList<>();
    if (!rules.readConfirmsLeadership()) {
      serve(readings);
      return;
    }
    indexCount++;
    long deadlineNanos = replica.nowNanos();
    for (Reading reading : readings) {
      deadlineNanos = Math.max(deadlineNanos, reading.call().deadlineNanos);
    }
    replica.read(deadlineNanos, result -> onConfirmation(readings, result));
  }

  private void onConfirmation(List<Reading> readings, ReadResult result) {
    switch (result) {
      case READY -> serve(readings);
      case DROPPED -> readings.forEach(reading -> drop(reading.call()));
      case TIMED_OUT -> readings.forEach(reading -> reading.call().endLate());
      case STOPPED -> readings.forEach(reading -> endWithoutLeader(reading.call()));
    }
  }

  private void drop(PendingCall<?> call) {
    if (replica.isLeading()) {
      call.end(new FrontAnswer.Overloaded<>(config.retryAfterMillis()));
    } else {
      endWithoutLeader(call);
    }
  }

  private void endWithoutLeader(PendingCall<?> call) {
    call.endWithoutLeader(replica.leader());
  }

  private void serve(List<Reading> readings) {
    if (!machine.isLoaded()) {
      unloaded.addAll(readings);
      return;
    }
    Set<Bytes> missing = new LinkedHashSet<>();
    List<Reading> waiting = new ArrayList<>(0);
    long endNanos = replica.nowNanos() + NANOS_PER_TURN;
    for (int i = 0; i < readings.size(); i++) {
      if (i > 0 && i % READS_PER_LOOK == 0 && replica.nowNanos() - endNanos >= 0) {
        List<Reading> rest = List.copyOf(readings.subList(i, readings.size()));
        replica.execute(() -> serve(rest));
        break;
      }
      Reading reading = readings.get(i);
      if (reading.call().isEnded()) {
        continue;
      }
      Reading.Attempt attempt = reading.attempt(machine.state());
      if (attempt instanceof Reading.Attempt.After after) {
        waitedCount++;
        behind.computeIfAbsent(after.ready(), ignored -> new ArrayList<>(1)).add(reading);
      } else if (attempt instanceof Reading.Attempt.NeedsRows needs) {
        missing.addAll(needs.rows());
        waiting.add(reading);
      }
    }
    if (!waiting.isEmpty()) {
      diskCount += waiting.size();
      load(missing, waiting);
    }
  }

  /** Serves a read once more that was confirmed before. */
  void serveAgain(Reading reading) {
    serve(List.of(reading));
  }

  private void load(Set<Bytes> rows, List<Reading> waiting) {
    store.load(
        rows,
        new Callback<>() {
          @Override
          public void succeeded(Void nothing) {
            serve(waiting);
          }

          @Override
          public void failed(StorageException cause) {
            replica.fail(cause);
          }
        });
  }

  /** The transaction is not ready any more. */
  void onUnready(TxnId txn) {
    List<Reading> readings = behind.isEmpty() ? null : behind.remove(txn);
    if (readings != null) {
      serve(readings);
    }
  }

  void onLoaded() {
    List<Reading> readings = unloaded;
    unloaded = new ArrayList<>();
    serve(readings);
  }

  /** Some calls have ended without being served: forgets them. */
  void prune() {
    unloaded.removeIf(reading -> reading.call().isEnded());
    behind.values().forEach(all -> all.removeIf(reading -> reading.call().isEnded()));
    behind.values().removeIf(List::isEmpty);
  }
}
