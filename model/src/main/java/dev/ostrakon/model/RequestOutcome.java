package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.List;

/** How a request ended for good. Retries of the same request get the same answer. */
public sealed interface RequestOutcome {
  /**
   * It took effect.
   *
   * @param timestamp its place in the order; the version of what it wrote
   * @param branch which part was carried out
   * @param results one for each operation of that part, in order
   */
  record Committed(HybridTimestamp timestamp, Branch branch, List<OperationResult> results)
      implements RequestOutcome {
    /** Copies the list. */
    public Committed {
      results = List.copyOf(results);
    }
  }

  /** It definitely had no effect, and never will under this id. */
  record Refused(Refusal refusal) implements RequestOutcome {}
}
