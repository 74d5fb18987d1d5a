package dev.ostrakon.group.command;

import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import java.util.List;
import java.util.Map;

/** Writes the model's nouns; {@link ModelDecoder} reads them. */
public final class ModelEncoder {
  static final int RESULT_DONE = 1;
  static final int RESULT_ABSENT = 2;
  static final int RESULT_PRESENT = 3;
  static final int OUTCOME_COMMITTED = 1;
  static final int OUTCOME_REFUSED = 2;

  private final ByteWriter out;

  /** Appends to the writer. */
  public ModelEncoder(ByteWriter out) {
    this.out = out;
  }

  /** A request with its transaction. */
  public void request(Request request) {
    txnId(request.id());
    out.timestamp(request.issuedAt());
    acknowledgement(request.acknowledgement());
    out.i32(request.fingerprint());
    transaction(request.transaction());
  }

  /** An id. */
  public void txnId(TxnId id) {
    ClientId client = id.request().client();
    out.i64(client.high()).i64(client.low()).varint(id.request().sequence()).varint(id.attempt());
  }

  /** Groups in the order given. */
  public void groups(List<GroupId> groups) {
    out.varint(groups.size());
    groups.forEach(group -> out.varint(group.number()));
  }

  /** Conditions and both branches. */
  public void transaction(Transaction transaction) {
    out.varint(transaction.conditions().size());
    transaction.conditions().forEach(this::condition);
    operations(transaction.then());
    operations(transaction.otherwise());
  }

  /** A number and its owners and groups. */
  public void configuration(Configuration configuration) {
    out.varint(configuration.number());
    groups(configuration.owners());
    out.varint(configuration.groups().size());
    for (Map.Entry<GroupId, List<NodeId>> group : configuration.groups().entrySet()) {
      out.varint(group.getKey().number()).varint(group.getValue().size());
      group.getValue().forEach(node -> out.text(node.name()));
    }
  }

  /** A reason and its text. */
  public void refusal(Refusal refusal) {
    out.u8(refusal.reason().code()).text(refusal.detail());
  }

  /** What a request came to. */
  public void requestOutcome(RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Committed committed) {
      out.u8(OUTCOME_COMMITTED).timestamp(committed.timestamp()).u8(committed.branch().code());
      results(committed.results());
    } else if (outcome instanceof RequestOutcome.Refused refused) {
      out.u8(OUTCOME_REFUSED);
      refusal(refused.refusal());
    }
  }

  /** What was decided about a transaction. */
  public void txnOutcome(TxnOutcome outcome) {
    if (outcome instanceof TxnOutcome.Commit commit) {
      out.u8(OUTCOME_COMMITTED).u8(commit.branch().code());
    } else if (outcome instanceof TxnOutcome.Abort abort) {
      out.u8(OUTCOME_REFUSED);
      refusal(abort.refusal());
    }
  }

  /** What a fragment gives. */
  public void evaluation(Evaluation evaluation) {
    out.u8(evaluation.conditionsHold() ? 1 : 0);
    branchResult(evaluation.then());
    branchResult(evaluation.otherwise());
  }

  /** One result for each operation. */
  public void results(List<OperationResult> results) {
    out.varint(results.size());
    for (OperationResult result : results) {
      if (result instanceof OperationResult.Present present) {
        out.u8(RESULT_PRESENT).timestamp(present.version()).bytes(present.value().bytes());
      } else {
        out.u8(result instanceof OperationResult.Done ? RESULT_DONE : RESULT_ABSENT);
      }
    }
  }

  private void branchResult(BranchResult result) {
    if (result instanceof BranchResult.Results given) {
      out.u8(OUTCOME_COMMITTED);
      results(given.results());
    } else if (result instanceof BranchResult.Impossible impossible) {
      out.u8(OUTCOME_REFUSED);
      refusal(impossible.refusal());
    }
  }

  /** What a client will not ask for again. */
  public void acknowledgement(Acknowledgement acknowledgement) {
    out.varint(acknowledgement.watermark()).varint(acknowledgement.above().size());
    long previous = acknowledgement.watermark();
    for (long sequence : acknowledgement.above()) {
      out.varint(sequence - previous);
      previous = sequence;
    }
  }

  private void condition(Condition condition) {
    out.u8(condition.kind().code()).bytes(condition.key().bytes());
    if (condition instanceof Condition.ValueIs is) {
      out.bytes(is.value().bytes());
    } else if (condition instanceof Condition.ValueIsNot isNot) {
      out.bytes(isNot.value().bytes());
    } else if (condition instanceof Condition.NumberIs number) {
      out.u8(number.comparison().code()).i64(number.bound());
    } else if (condition instanceof Condition.VersionIs version) {
      out.timestamp(version.version());
    }
  }

  private void operations(List<Operation> operations) {
    out.varint(operations.size());
    for (Operation operation : operations) {
      out.u8(operation.kind().code()).bytes(operation.key().bytes());
      if (operation instanceof Operation.Put put) {
        out.bytes(put.value().bytes());
      } else if (operation instanceof Operation.Append append) {
        out.bytes(append.value().bytes());
      } else if (operation instanceof Operation.Add add) {
        out.i64(add.delta()).u8(add.wantsValue() ? 1 : 0);
      }
    }
  }
}
