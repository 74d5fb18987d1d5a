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

  TxnStatistics toStatistics(int active, int reading, int unforgotten, long retries) {
    return new TxnStatistics(
        active,
        reading,
        unforgotten,
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
