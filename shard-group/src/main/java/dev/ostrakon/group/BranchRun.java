package dev.ostrakon.group;

import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One branch carried out on drafts: its results, or why it cannot be; and what it would write. */
final class BranchRun {
  private static final OperationResult DONE = new OperationResult.Done();
  private static final OperationResult ABSENT = new OperationResult.Absent();

  private final ShardData data;
  private final HybridTimestamp timestamp;
  private final Limits limits;
  private final GroupRules rules;
  private final Map<Key, Draft> drafts = new LinkedHashMap<>();
  private final List<OperationResult> results = new ArrayList<>();
  private long resultBytes;
  private @Nullable Refusal refusal;

  BranchRun(ShardData data, HybridTimestamp timestamp, Limits limits, GroupRules rules) {
    this.data = data;
    this.timestamp = timestamp;
    this.limits = limits;
    this.rules = rules;
  }

  /** Carries out the next operation; false if that makes the branch impossible. */
  boolean step(Operation operation, boolean commutes) {
    Draft draft = drafts.get(operation.key());
    if (draft == null) {
      draft = new Draft(data.get(operation.key()));
      drafts.put(operation.key(), draft);
    }
    Optional<Refusal> problem = Optional.empty();
    if (operation instanceof Operation.Put put) {
      problem = write(draft, put.value());
    } else if (operation instanceof Operation.Append append) {
      problem = append(draft, append.value());
    } else if (operation instanceof Operation.Delete) {
      draft.delete();
    } else if (operation instanceof Operation.Add add) {
      problem = commutes ? addCommuting(draft, add.delta()) : add(draft, add.delta());
    }
    boolean isAsked = isAsked(operation);
    if (isAsked) {
      resultBytes += draft.size();
      if (problem.isEmpty() && resultBytes > limits.txnBytesMax()) {
        problem =
            Fragments.limitExceeded(
                "bytes that a transaction reads", resultBytes, limits.txnBytesMax());
      }
    }
    if (problem.isPresent()) {
      refusal = problem.get();
      return false;
    }
    results.add(isAsked ? resultOf(draft.now()) : DONE);
    return true;
  }

  /** Checks what commutes against the reservations of others. */
  void checkReach(Escrow escrow) {
    for (Map.Entry<Key, Draft> entry : drafts.entrySet()) {
      Draft draft = entry.getValue();
      if (refusal == null && draft.reach() != null) {
        long before = draft.before() == null ? 0 : draft.before().asNumber().orElse(0);
        if (escrow.fits(entry.getKey(), before, draft.reach())) {
          draft.set(stored(draft, Value.number(before + draft.delta())));
        } else {
          refusal = overflow();
        }
      }
    }
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  BranchResult result() {
    return refusal == null
        ? new BranchResult.Results(results)
        : new BranchResult.Impossible(refusal);
  }

  List<OperationResult> results() {
    return results;
  }

  /** How far each key that is only added to moves on the way; to be reserved. */
  Map<Key, Escrow.Reach> reaches() {
    Map<Key, Escrow.Reach> reaches = new LinkedHashMap<>();
    drafts.forEach(
        (key, draft) -> {
          if (draft.reach() != null) {
            reaches.put(key, draft.reach());
          }
        });
    return reaches;
  }

  /** Writes the drafts; returns the highest version written, or the transaction's timestamp. */
  HybridTimestamp write() {
    HybridTimestamp highest = timestamp;
    for (Map.Entry<Key, Draft> entry : drafts.entrySet()) {
      Draft draft = entry.getValue();
      if (draft.isChanged()) {
        StoredValue now = draft.now();
        data.set(entry.getKey(), now);
        if (now != null) {
          highest = HybridTimestamp.max(highest, now.version());
        }
      }
    }
    return highest;
  }

  private static boolean isAsked(Operation operation) {
    return operation instanceof Operation.Get
        || (operation instanceof Operation.Add add && add.wantsValue());
  }

  private static OperationResult resultOf(@Nullable StoredValue now) {
    return now == null ? ABSENT : new OperationResult.Present(now.value(), now.version());
  }

  private Optional<Refusal> write(Draft draft, Value value) {
    int size = value.bytes().size();
    if (size > limits.valueBytesMax()) {
      return Fragments.limitExceeded("bytes of a value", size, limits.valueBytesMax());
    }
    draft.set(stored(draft, value));
    return Optional.empty();
  }

  private Optional<Refusal> append(Draft draft, Value value) {
    if (draft.isAbsent()) {
      return write(draft, value);
    }
    byte[] tail = value.bytes().sharedArray();
    long size = (long) draft.size() + tail.length;
    if (size > limits.valueBytesMax()) {
      return Fragments.limitExceeded("bytes of a value", size, limits.valueBytesMax());
    }
    draft.append(tail, versionOf(draft), limits.valueBytesMax());
    return Optional.empty();
  }

  private Optional<Refusal> add(Draft draft, long delta) {
    OptionalLong number = draft.number();
    if (number.isEmpty()) {
      return Optional.of(notANumber());
    }
    long before = number.getAsLong();
    if (rules.overflows(before, delta)) {
      return Optional.of(overflow());
    }
    return write(draft, Value.number(before + delta));
  }

  private Optional<Refusal> addCommuting(Draft draft, long delta) {
    if (draft.before() != null && draft.before().asNumber().isEmpty()) {
      return Optional.of(notANumber());
    }
    long sum = draft.delta() + delta;
    if (((draft.delta() ^ sum) & (delta ^ sum)) < 0) {
      return Optional.of(overflow());
    }
    draft.add(sum);
    return Optional.empty();
  }

  /**
   * Deviation: adds commute, so one may be applied after another with a higher timestamp. A version
   * must still change with the value; then it is the one after the present version instead of the
   * transaction's timestamp.
   */
  private HybridTimestamp versionOf(Draft draft) {
    HybridTimestamp before =
        draft.before() == null ? HybridTimestamp.ZERO : draft.before().version();
    return timestamp.isAfter(before) ? timestamp : before.next();
  }

  private StoredValue stored(Draft draft, Value value) {
    return new StoredValue(value, versionOf(draft));
  }

  private static Refusal notANumber() {
    return new Refusal(
        Refusal.Reason.NOT_A_NUMBER, "an add expects a signed 64-bit number, was something else");
  }

  private static Refusal overflow() {
    return new Refusal(
        Refusal.Reason.NUMBER_OVERFLOW,
        "an add must stay within signed 64 bits, whatever becomes of the other pending adds");
  }
}
