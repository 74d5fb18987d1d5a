package dev.ostrakon.group;

import dev.ostrakon.group.queue.Escrow;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** A key on its way through the branch. */
  private static final class Draft {
    final @Nullable StoredValue before;
    @Nullable StoredValue now;
    boolean isChanged;

    /** For a key that is only added to: the sum of the deltas, and how far it ever was. */
    long delta;

    Escrow.@Nullable Reach reach;

    Draft(@Nullable StoredValue before) {
      this.before = before;
      this.now = before;
    }
  }

  private final ShardData data;
  private final HybridTimestamp timestamp;
  private final Limits limits;
  private final Map<Key, Draft> drafts = new LinkedHashMap<>();
  private final List<OperationResult> results = new ArrayList<>();
  private long resultBytes;
  private @Nullable Refusal refusal;

  BranchRun(ShardData data, HybridTimestamp timestamp, Limits limits) {
    this.data = data;
    this.timestamp = timestamp;
    this.limits = limits;
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
      draft.isChanged |= draft.now != null;
      draft.now = null;
    } else if (operation instanceof Operation.Add add) {
      problem = commutes ? addCommuting(draft, add.delta()) : add(draft, add.delta());
    }
    OperationResult result = resultOf(operation, draft);
    if (result instanceof OperationResult.Present present) {
      resultBytes += present.value().bytes().size();
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
    results.add(result);
    return true;
  }

  /** Checks what commutes against the reservations of others. */
  void checkReach(Escrow escrow) {
    for (Map.Entry<Key, Draft> entry : drafts.entrySet()) {
      Draft draft = entry.getValue();
      if (refusal == null && draft.reach != null) {
        long before = draft.before == null ? 0 : draft.before.value().asNumber().orElse(0);
        if (escrow.fits(entry.getKey(), before, draft.reach)) {
          draft.now = stored(draft, Value.number(before + draft.delta));
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
          if (draft.reach != null) {
            reaches.put(key, draft.reach);
          }
        });
    return reaches;
  }

  /** Writes the drafts; returns the highest version written, or the transaction's timestamp. */
  HybridTimestamp write() {
    HybridTimestamp highest = timestamp;
    for (Map.Entry<Key, Draft> entry : drafts.entrySet()) {
      Draft draft = entry.getValue();
      if (draft.isChanged) {
        data.set(entry.getKey(), draft.now);
        if (draft.now != null) {
          highest = HybridTimestamp.max(highest, draft.now.version());
        }
      }
    }
    return highest;
  }

  private static OperationResult resultOf(Operation operation, Draft draft) {
    boolean isAsked =
        operation instanceof Operation.Get
            || (operation instanceof Operation.Add add && add.wantsValue());
    if (!isAsked) {
      return DONE;
    }
    StoredValue now = draft.now;
    return now == null ? ABSENT : new OperationResult.Present(now.value(), now.version());
  }

  private Optional<Refusal> write(Draft draft, Value value) {
    int size = value.bytes().size();
    if (size > limits.valueBytesMax()) {
      return Fragments.limitExceeded("bytes of a value", size, limits.valueBytesMax());
    }
    draft.now = stored(draft, value);
    return Optional.empty();
  }

  private Optional<Refusal> append(Draft draft, Value value) {
    if (draft.now == null) {
      return write(draft, value);
    }
    byte[] head = draft.now.value().bytes().sharedArray();
    byte[] tail = value.bytes().sharedArray();
    if ((long) head.length + tail.length > limits.valueBytesMax()) {
      return Fragments.limitExceeded(
          "bytes of a value", (long) head.length + tail.length, limits.valueBytesMax());
    }
    byte[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return write(draft, new Value(ByteString.wrap(whole)));
  }

  private Optional<Refusal> add(Draft draft, long delta) {
    OptionalLong number = numberOf(draft.now);
    if (number.isEmpty()) {
      return Optional.of(notANumber());
    }
    long before = number.getAsLong();
    long sum = before + delta;
    if (((before ^ sum) & (delta ^ sum)) < 0) {
      return Optional.of(overflow());
    }
    return write(draft, Value.number(sum));
  }

  private Optional<Refusal> addCommuting(Draft draft, long delta) {
    if (numberOf(draft.before).isEmpty()) {
      return Optional.of(notANumber());
    }
    long sum = draft.delta + delta;
    if (((draft.delta ^ sum) & (delta ^ sum)) < 0) {
      return Optional.of(overflow());
    }
    draft.delta = sum;
    draft.isChanged = true;
    Escrow.Reach here = new Escrow.Reach(Math.min(0, sum), Math.max(0, sum));
    draft.reach = draft.reach == null ? here : draft.reach.and(here);
    return Optional.empty();
  }

  /**
   * Deviation: adds commute, so one may be applied after another with a higher timestamp. A version
   * must still change with the value; then it is the one after the present version instead of the
   * transaction's timestamp.
   */
  private StoredValue stored(Draft draft, Value value) {
    draft.isChanged = true;
    HybridTimestamp before = draft.before == null ? HybridTimestamp.ZERO : draft.before.version();
    return new StoredValue(value, timestamp.isAfter(before) ? timestamp : before.next());
  }

  private static OptionalLong numberOf(@Nullable StoredValue stored) {
    return stored == null ? OptionalLong.of(0) : stored.value().asNumber();
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
