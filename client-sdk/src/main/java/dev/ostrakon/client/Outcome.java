package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;

/** What became of a request whose answer was lost. */
public sealed interface Outcome {
  /** It took effect, once, with this result. */
  record Committed(TxnResult result) implements Outcome {}

  /**
   * It took effect, once, in several groups; each of them remembers its own part of the results,
   * and nobody knows all of them any more. Read the data.
   *
   * @param timestamp its place in the order, and the version of what it wrote
   * @param branch {@link Branch#THEN} if all conditions held
   */
  record ResultsLost(HybridTimestamp timestamp, Branch branch) implements Outcome {}

  /**
   * It had no effect and never will: asking has settled that.
   *
   * @param reason for people: why it was refused, or that nobody had heard of it
   */
  record NotCommitted(String reason) implements Outcome {}

  /**
   * Nobody can tell any more: the time for which results are remembered has passed. Look at the
   * data.
   */
  record Forgotten() implements Outcome {}
}
