package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;

/** Drives this group's part of transactions over two groups by hand. */
final class Participants {
  private final FrontCluster cluster;

  Participants(FrontCluster cluster) {
    this.cluster = cluster;
  }

  ParticipantAnswer ask(ParticipantCall call) {
    return cluster.ask(
        listener -> cluster.leader().participate(call, cluster.deadline(), listener));
  }

  List<ParticipantAnswer> begin(ParticipantCall call) {
    return cluster.begin(
        listener -> cluster.leader().participate(call, cluster.deadline(), listener));
  }

  TxnStatus status(ParticipantCall call) {
    return statusOf(ask(call));
  }

  static TxnStatus statusOf(ParticipantAnswer answer) {
    if (answer instanceof ParticipantAnswer.Status status) {
      return status.status();
    }
    throw new AssertionError("expected a status, was " + answer);
  }

  TxnStatus order(long sequence, Operation... operations) {
    return status(
        new ParticipantCall.Order(
            Given.request(sequence, operations), cluster.now(), Given.TWO_GROUPS));
  }

  TxnStatus commit(long sequence) {
    return status(commitCall(sequence));
  }

  List<ParticipantAnswer> beginCommit(long sequence) {
    return begin(commitCall(sequence));
  }

  TxnStatus abort(long sequence, TxnOutcome.Abort abort) {
    return status(new ParticipantCall.Apply(Given.txn(sequence), HybridTimestamp.ZERO, abort));
  }

  private ParticipantCall commitCall(long sequence) {
    TxnStatus status = cluster.leader().state().status(Given.txn(sequence));
    if (status instanceof TxnStatus.Ready ready) {
      return new ParticipantCall.Apply(
          Given.txn(sequence), ready.timestamp(), new TxnOutcome.Commit(Branch.THEN));
    }
    throw new AssertionError("expected a transaction that is ready, was " + status);
  }
}
