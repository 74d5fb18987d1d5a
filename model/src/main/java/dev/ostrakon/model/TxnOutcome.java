package dev.ostrakon.model;

/** What was decided about a transaction, the same at every participant. */
public sealed interface TxnOutcome {
  /** Every participant carries out this branch. */
  record Commit(Branch branch) implements TxnOutcome {}

  /** No participant carries out anything. */
  record Abort(Refusal refusal) implements TxnOutcome {}
}
