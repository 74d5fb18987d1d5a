package dev.ostrakon.protocol;

import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import java.util.List;

/** What a client asks of a node, whichever way it came. */
public sealed interface KvCall {
  /** To be logged and carried out exactly once. */
  record Execute(Request request) implements KvCall {}

  /** A transaction that only reads: neither logged nor remembered. */
  record Read(Transaction transaction) implements KvCall {
    /** Requires that there is nothing but reads. */
    public Read {
      if (!isReadOnly(transaction)) {
        throw new IllegalArgumentException("a request that writes needs a sequence, was 0");
      }
    }
  }

  /** Keys of one group, in order. */
  record Scan(ScanRange range) implements KvCall {}

  /** What became of an earlier request. */
  record AskOutcome(OutcomeQuestion question) implements KvCall {}

  /** Whether a transaction has no operation but reads. */
  static boolean isReadOnly(Transaction transaction) {
    return areReads(transaction.then()) && areReads(transaction.otherwise());
  }

  private static boolean areReads(List<Operation> operations) {
    for (Operation operation : operations) {
      if (operation.kind() != Operation.Kind.GET) {
        return false;
      }
    }
    return true;
  }
}
