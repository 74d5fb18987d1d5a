package dev.ostrakon.model;

import java.util.List;

/** What one branch of a fragment gives at its place in the order. */
public sealed interface BranchResult {
  /** It can be carried out, with one result for each of its operations, in order. */
  record Results(List<OperationResult> results) implements BranchResult {
    /** Copies the list. */
    public Results {
      results = List.copyOf(results);
    }
  }

  /** It cannot: if this branch is decided, the whole transaction is aborted for this reason. */
  record Impossible(Refusal refusal) implements BranchResult {}
}
