package dev.ostrakon.txn;

/** Counts for {@link TxnStatistics}. */
final class Tally {
  long fastPath;
  long slowPath;
  long aborted;
  long recovered;
  long leftToRecovery;
  long unknown;
  long overloaded;
  long reads;
  long readRetries;
  long readsAsTransactions;

  void onReport(Run run, TxnReport report) {
    if (report instanceof TxnReport.Unknown) {
      return;
    }
    if (run.isRecovery()) {
      recovered++;
    } else if (report instanceof TxnReport.Committed && run.wasFinalised()) {
      slowPath++;
    } else if (report instanceof TxnReport.Committed) {
      fastPath++;
    } else {
      aborted++;
    }
  }

  /** How much of everything there is now. */
  record Present(int active, int recovering, int reading, int unforgotten) {}

  TxnStatistics toStatistics(Present present, long retries) {
    return new TxnStatistics(
        present.active(),
        present.recovering(),
        present.reading(),
        present.unforgotten(),
        fastPath,
        slowPath,
        aborted,
        recovered,
        leftToRecovery,
        unknown,
        overloaded,
        reads,
        readRetries,
        readsAsTransactions,
        retries);
  }
}
