package dev.ostrakon.node.kv;

import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.OutcomeReport;
import dev.ostrakon.protocol.ScanPage;
import java.util.List;

/** How many bytes an answer takes, about, and what is to be expected of a call. */
final class AnswerSize {
  /** What stands around values: numbers, versions, lengths. */
  private static final int OVERHEAD_BYTES = 48;

  /** What a page of a scan is expected to take. */
  private static final int PAGE_BYTES = 1 << 20; // 1 MiB

  /** What reads are expected to bring before anything is known. */
  private static final int FIRST_BYTES = 256 << 10; // 256 KiB

  /** The largest of the last values read, which fades with each that is smaller. */
  private long typical = FIRST_BYTES;

  /** What the answer of a call may take; 0 if it brings no values. */
  long expected(KvCall call) {
    if (call instanceof KvCall.Scan) {
      return PAGE_BYTES;
    } else if (call instanceof KvCall.AskOutcome) {
      return typical;
    }
    Transaction transaction =
        call instanceof KvCall.Execute execute
            ? execute.request().transaction()
            : ((KvCall.Read) call).transaction();
    return typical * Math.max(reads(transaction.then()), reads(transaction.otherwise()));
  }

  private static int reads(List<Operation> operations) {
    int reads = 0;
    for (Operation operation : operations) {
      if (operation.kind() == Operation.Kind.GET) {
        reads++;
      }
    }
    return reads;
  }

  /** Learns from an answer to a call that reads. */
  void learn(KvAnswer answer) {
    if (answer instanceof KvAnswer.Done done) {
      for (OperationResult result : done.committed().results()) {
        typical = Math.max(bytes(result), typical - typical / 16);
      }
    }
  }

  /** What an answer takes. */
  static long of(KvAnswer answer) {
    if (answer instanceof KvAnswer.Done done) {
      return OVERHEAD_BYTES + bytes(done.committed().results());
    } else if (answer instanceof KvAnswer.Page page) {
      long bytes = OVERHEAD_BYTES;
      for (ScanPage.Entry entry : page.page().entries()) {
        bytes += OVERHEAD_BYTES + entry.key().bytes().size() + entry.value().bytes().size();
      }
      return bytes;
    } else if (answer instanceof KvAnswer.Report report
        && report.report() instanceof OutcomeReport.Committed committed) {
      return OVERHEAD_BYTES + bytes(committed.committed().results());
    }
    return OVERHEAD_BYTES;
  }

  private static long bytes(List<OperationResult> results) {
    long bytes = 0;
    for (OperationResult result : results) {
      bytes += bytes(result);
    }
    return bytes;
  }

  private static long bytes(OperationResult result) {
    return result instanceof OperationResult.Present present
        ? OVERHEAD_BYTES + present.value().bytes().size()
        : OVERHEAD_BYTES / 4;
  }
}
