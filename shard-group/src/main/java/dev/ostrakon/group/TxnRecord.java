package dev.ostrakon.group;

import dev.ostrakon.group.queue.Access;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a group remembers of one attempt at a transaction. */
final class TxnRecord {
  /** The states. The codes are part of the state's format and never change. */
  enum State {
    /** A request that lies inside the group; it is carried out as soon as it is ready. */
    WAITING_REQUEST(1),
    /** A fragment that is ordered; it waits for others before it, or for its outcome. */
    PENDING_FRAGMENT(2),
    /** Refused for good. */
    REFUSED(3),
    /** The outcome was applied. */
    FINISHED(4);

    final int code;

    State(int code) {
      this.code = code;
    }
  }

  /** Of most refusals, so that they share it. */
  static final Refusal NOT_ORDERED =
      new Refusal(Refusal.Reason.NOT_ORDERED, "the attempt was refused before it was ordered");

  /** Of a record that expires at no time that is known yet. */
  static final long NEVER = Long.MAX_VALUE;

  final TxnId id;
  final HybridTimestamp issuedAt;
  final List<GroupId> participants;

  /** By which the coordinator cut it into fragments; 0 for a request that lies inside the group. */
  final long configuration;

  /** Whether it is a fragment of a transaction that only reads. Invariant: then it is pending. */
  final boolean isReadOnly;

  State state;

  /** Of the whole transaction, as the request that made this record had it. */
  int fingerprint = Fingerprint.UNKNOWN;

  /** While pending: what to do. */
  @Nullable Request request;

  /** While pending: how it touches its keys. */
  @Nullable SortedMap<Key, Access> accesses;

  HybridTimestamp proposal = HybridTimestamp.ZERO;

  /** Invariant: not below the proposal. */
  HybridTimestamp timestamp = HybridTimestamp.ZERO;

  /** What {@link WaitingWork} counts for it; 0 while it does not wait. */
  long waitingNanos;

  /** Of a pending fragment while it is ready, as it was reported: it never changes again. */
  @Nullable Evaluation evaluation;

  /** Of a finished one. */
  @Nullable TxnOutcome outcome;

  List<OperationResult> results = List.of();

  /** Of a refused one. */
  @Nullable Refusal refusal;

  /** Whether every participant is known to have applied it. */
  boolean isForgotten;

  /** By the group's clock; {@link #NEVER} while it is not to expire. */
  long expiresAtMillis = NEVER;

  /** Whether the state store holds the record as it was at some time. */
  boolean isPersisted;

  boolean isDirty;

  /** As counted by those that hold it. */
  long heapBytes;

  /** Whether it was read back from the state store in this life of the replica. */
  boolean isRestored;

  TxnRecord(TxnId id, HybridTimestamp issuedAt, State state) {
    this(id, issuedAt, List.of(), 0, false, state);
  }

  TxnRecord(
      TxnId id,
      HybridTimestamp issuedAt,
      List<GroupId> participants,
      long configuration,
      boolean isReadOnly,
      State state) {
    this.id = id;
    this.issuedAt = issuedAt;
    this.participants = participants;
    this.configuration = configuration;
    this.isReadOnly = isReadOnly;
    this.state = state;
  }

  static TxnRecord refused(TxnId id, HybridTimestamp issuedAt, Refusal refusal) {
    TxnRecord record = new TxnRecord(id, issuedAt, State.REFUSED);
    record.refusal = refusal;
    return record;
  }

  boolean isPending() {
    return state == State.WAITING_REQUEST || state == State.PENDING_FRAGMENT;
  }

  /** Whether the record may go once nobody can ask for it any more. */
  boolean mayExpire() {
    return state == State.REFUSED || (state == State.FINISHED && isForgotten);
  }

  Request requireRequest() {
    if (request == null) {
      throw new IllegalStateException("expected a pending record, was " + this);
    }
    return request;
  }

  SortedMap<Key, Access> requireAccesses() {
    if (accesses == null) {
      throw new IllegalStateException("expected a pending record, was " + this);
    }
    return accesses;
  }

  TxnStatus status() {
    return switch (state) {
      case WAITING_REQUEST, PENDING_FRAGMENT ->
          evaluation == null
              ? new TxnStatus.Waiting(proposal, timestamp, participants, configuration, fingerprint)
              : new TxnStatus.Ready(
                  proposal, timestamp, participants, configuration, fingerprint, evaluation);
      case REFUSED -> new TxnStatus.Refused(requireRefusal());
      case FINISHED ->
          new TxnStatus.Finished(timestamp, participants, configuration, requireOutcome(), results);
    };
  }

  Refusal requireRefusal() {
    if (refusal == null) {
      throw new IllegalStateException("expected a refused record, was " + this);
    }
    return refusal;
  }

  TxnOutcome requireOutcome() {
    if (outcome == null) {
      throw new IllegalStateException("expected a finished record, was " + this);
    }
    return outcome;
  }

  @Override
  public String toString() {
    return state + " " + id + "@" + timestamp;
  }
}
