package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeGroup} holds of one attempt at a transaction. */
final class FakeRecord {
  enum State {
    INSIDE,
    PENDING,
    REFUSED,
    FINISHED
  }

  final TxnId id;
  final List<GroupId> participants;
  final long configuration;
  final Transaction fragment;
  final Set<Key> keys;
  final long bornAt;
  State state;
  HybridTimestamp proposal = HybridTimestamp.ZERO;
  HybridTimestamp timestamp = HybridTimestamp.ZERO;
  @Nullable TxnOutcome outcome;
  List<OperationResult> results = List.of();
  @Nullable Refusal refusal;
  boolean isForgotten;
  boolean isReadOnly;
  long finishedAt;

  /** The keys that some branch changes. */
  final Set<Key> written = new TreeSet<>();

  /** Everything that it ever was, for leaders that lag behind. */
  final List<TxnStatus> past = new ArrayList<>();

  /** Whether the last of it was the end. */
  boolean isOver;

  FakeRecord(
      TxnId id,
      List<GroupId> participants,
      long configuration,
      Transaction fragment,
      State state,
      long bornAt) {
    this.id = id;
    this.participants = participants;
    this.configuration = configuration;
    this.fragment = fragment;
    this.keys = fragment.keys();
    for (Key key : keys) {
      if (writes(fragment, key)) {
        written.add(key);
      }
    }
    this.state = state;
    this.bornAt = bornAt;
  }

  boolean isPending() {
    return state == State.PENDING || state == State.INSIDE;
  }

  /** Before the other in the order of the group. */
  boolean isBefore(FakeRecord other) {
    int byTime = timestamp.compareTo(other.timestamp);
    return byTime != 0 ? byTime < 0 : id.compareTo(other.id) < 0;
  }

  boolean conflictsWith(FakeRecord other) {
    return isWrittenBy(other, keys) || isWrittenBy(this, other.keys);
  }

  private static boolean isWrittenBy(FakeRecord record, Set<Key> keys) {
    return record.written.stream().anyMatch(keys::contains);
  }

  private static boolean writes(Transaction fragment, Key key) {
    return Stream.concat(fragment.then().stream(), fragment.otherwise().stream())
        .anyMatch(o -> o.key().equals(key) && o.kind() != Operation.Kind.GET);
  }

  TxnStatus status(@Nullable Evaluation evaluation) {
    return switch (state) {
      case INSIDE, PENDING ->
          evaluation == null
              ? new TxnStatus.Waiting(proposal, timestamp, participants, configuration)
              : new TxnStatus.Ready(proposal, timestamp, participants, configuration, evaluation);
      case REFUSED -> new TxnStatus.Refused(Objects.requireNonNull(refusal));
      case FINISHED ->
          new TxnStatus.Finished(
              timestamp, participants, configuration, Objects.requireNonNull(outcome), results);
    };
  }
}
