package dev.ostrakon.txn;

/**
 * Figures of one {@link Coordinators} for operators. The first group says what is there now, the
 * second counts since it was made.
 *
 * @param active transactions and recoveries that are driven
 * @param recovering recoveries among them
 * @param reading reads that are driven
 * @param unforgotten finished transactions, per participant, that wait to be forgotten
 * @param fastPath transactions decided without FINALISE
 * @param slowPath transactions decided after FINALISE
 * @param aborted transactions whose outcome was an abort
 * @param recovered transactions whose outcome a recovery found
 * @param leftToRecovery transactions that were given up before all participants had ended them
 * @param unknown answers that the outcome is not known yet
 * @param overloaded calls turned away because something was full
 * @param reads reads by double reading that were answered
 * @param readRetries further rounds of reads because something had changed
 * @param readsAsTransactions reads that were run as transactions
 * @param retries calls to participants that were repeated
 */
public record TxnStatistics(
    int active,
    int recovering,
    int reading,
    int unforgotten,
    long fastPath,
    long slowPath,
    long aborted,
    long recovered,
    long leftToRecovery,
    long unknown,
    long overloaded,
    long reads,
    long readRetries,
    long readsAsTransactions,
    long retries) {}
