package dev.ostrakon.group;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.group.finished.FinishedRequests;
import dev.ostrakon.group.queue.Access;
import dev.ostrakon.group.queue.ConflictTimestamps;
import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.group.queue.TxnQueues;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import java.util.Collection;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything that a shard group replicates besides its values, in one place. */
final class ShardState {
  /** Buckets of the memory of finished requests that are swept at each entry. */
  private static final int SWEPT_BUCKETS = 16;

  /** So many operations may be pending for each transaction that may. */
  private static final long PENDING_OPERATIONS_PER_TXN = 10;

  final GroupId group;
  final ShardData data;
  final ConflictTimestamps conflicts = new ConflictTimestamps();
  final TxnQueues queues = new TxnQueues(conflicts);
  final Escrow escrow = new Escrow();
  final TxnRecords records;
  final FinishedRequests finished = new FinishedRequests();
  final LongRows rows = new LongRows();
  final Evaluator evaluator;
  final GroupRules rules;

  /** Made once, because every request needs it. */
  private final Function<Key, Slot> slotOf;

  GroupSettings settings = GroupSettings.DEFAULTS;
  SlotTable slotTable = SlotTable.empty();

  /** Null until the first configuration was adopted. */
  @Nullable Configuration configuration;

  /** The group's clock: the latest timestamp in its log so far. Invariant: never goes back. */
  private HybridTimestamp clock = HybridTimestamp.ZERO;

  /** Conditions and operations of all that is in the queues. */
  private long pendingOperations;

  /** Of what is in the queues and not ready. */
  final WaitingWork waiting = new WaitingWork();

  ShardState(GroupId group, ShardData data, GroupRules rules) {
    this.group = group;
    this.data = data;
    this.rules = rules;
    this.records = new TxnRecords(record -> RecordSizes.of(record, data));
    this.slotOf = key -> data.slots().of(key);
    this.evaluator = new Evaluator(data, escrow, rules);
  }

  /** What grows with requests takes so much of the heap; an estimate, the same on all replicas. */
  long heapBytes() {
    return records.heapBytes()
        + finished.bytes()
        + queues.heapBytes()
        + data.pinnedBytes()
        + escrow.heapBytes();
  }

  HybridTimestamp clock() {
    return clock;
  }

  void observe(HybridTimestamp timestamp) {
    clock = HybridTimestamp.max(clock, timestamp);
  }

  /** A new entry begins: forgets what its time says nobody can ask for any more. */
  void beginEntry(HybridTimestamp timestamp) {
    observe(timestamp);
    data.beginEntry();
    conflicts.onClock(clock);
    records.onClock(clock);
    finished.onWindow(startOfWindow(), SWEPT_BUCKETS);
  }

  /**
   * An entry is applied. Its commands may have moved the clock: what shows from now on is what
   * would show after a restart here. A record that is forgotten after its window goes now: in a
   * group without requests the next entry may be far away.
   */
  void endEntry() {
    data.endEntry();
    records.onClock(clock);
    finished.onWindow(startOfWindow(), 0);
  }

  /** The state was read back: what its clock says nobody can ask for any more is gone. */
  void beginLoaded() {
    scheduleExpiries();
    finished.onWindow(startOfWindow(), 0);
  }

  /**
   * The settings are known from now on. What was refused before expires by them too, as it does on
   * a replica that reads it back later.
   */
  void use(GroupSettings adopted) {
    settings = adopted;
    scheduleExpiries();
  }

  private void scheduleExpiries() {
    for (TxnRecord record : records.all()) {
      if (record.mayExpire()) {
        records.expireAt(record, endOfWindow(record.issuedAt));
      }
    }
  }

  /** Results of what was issued before are not remembered any more. */
  boolean isBeyondWindow(HybridTimestamp issuedAt) {
    return rules.isBeyondWindow(issuedAt.wallMillis(), clock.wallMillis(), settings.windowMillis());
  }

  boolean isBeyondHorizon(HybridTimestamp proposed) {
    return proposed.wallMillis() < clock.wallMillis() - settings.horizonMillis();
  }

  /** When nothing issued at that time is let in any more. */
  HybridTimestamp endOfWindow(HybridTimestamp issuedAt) {
    long millis = issuedAt.wallMillis() + settings.windowMillis();
    return new HybridTimestamp(Math.min(millis, HybridTimestamp.WALL_MILLIS_MAX), 0);
  }

  long configurationNumber() {
    return configuration == null ? 0 : configuration.number();
  }

  /** Whether the slots of all these keys are served here. */
  boolean servesKeys(Collection<Key> keys) {
    return slotTable.servesAll(keys, slotOf);
  }

  Refusal wrongGroup() {
    return new Refusal(
        Refusal.Reason.WRONG_GROUP,
        "a slot is not served by " + group + " in configuration " + configurationNumber());
  }

  Refusal windowPassed() {
    return new Refusal(
        Refusal.Reason.WINDOW_PASSED,
        "the request was first sent more than "
            + settings.windowMillis()
            + " ms before the time of "
            + group
            + ", "
            + clock
            + "; what became of it is not remembered");
  }

  Refusal acknowledged() {
    return new Refusal(
        Refusal.Reason.WINDOW_PASSED,
        "the client has acknowledged the request; what became of it is not remembered");
  }

  /** A record is in the queues from now on, and waits unless it was ready before a restart. */
  void onEnqueued(TxnRecord record) {
    if (record.evaluation == null) {
      waiting.begin(record);
    }
    pendingOperations += record.requireRequest().transaction().operationCount();
  }

  /** A record has left the queues, and still has its request. */
  void onDequeued(TxnRecord record) {
    waiting.end(record);
    pendingOperations -= record.requireRequest().transaction().operationCount();
  }

  /**
   * Whether so much is pending that this must not be added: all that waits may have its turn with
   * one entry, so its work counts, too.
   */
  boolean isPendingFull(Transaction transaction, SortedMap<Key, Access> accesses) {
    if (waiting.isFullFor(transaction, accesses.size()) && queues.isAnythingInTheWay(accesses)) {
      return true;
    }
    long operationsMax = PENDING_OPERATIONS_PER_TXN * settings.pendingMax();
    return queues.size() >= settings.pendingMax()
        || (queues.size() > 0 && pendingOperations + transaction.operationCount() > operationsMax);
  }

  /** Whether something else is known under this request's id. */
  boolean isReused(Request request) {
    if (!rules.recognisesReuse()) {
      return false;
    }
    TxnRecord record = records.find(request.id());
    return (record != null && Fingerprint.differ(record.fingerprint, request.fingerprint()))
        || finished.isReused(request.id().request(), request.fingerprint());
  }

  Refusal reused(Request request) {
    return new Refusal(
        Refusal.Reason.INVALID,
        "request "
            + request.id().request()
            + " was sent before with other operations, keys or values: each request needs an id of"
            + " its own");
  }

  Refusal overloaded() {
    return new Refusal(
        Refusal.Reason.OVERLOADED,
        "at most "
            + settings.pendingMax()
            + " transactions with "
            + PENDING_OPERATIONS_PER_TXN * settings.pendingMax()
            + " operations are pending in "
            + group
            + ", and at most "
            + WaitingWork.NANOS_MAX / 1_000_000
            + " ms of work wait for others; send it again later");
  }

  /** Nothing that was issued before this is remembered. */
  private HybridTimestamp startOfWindow() {
    long millis = rules.remembersForMillis(settings.windowMillis());
    return new HybridTimestamp(Math.max(0, clock.wallMillis() - millis), 0);
  }
}
