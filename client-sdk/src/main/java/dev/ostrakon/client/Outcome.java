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
   * Nobody has heard of it, and it never happens from now on; when it was first sent was not said,
   * as by {@link OstrakonClient#outcome(dev.ostrakon.model.RequestId)}. If that was within the time
   * for which results are remembered (10 minutes unless the cluster is configured otherwise), it
   * had no effect; if it was earlier, nobody can tell any more.
   */
  record NotHeardOf() implements Outcome {}

  /**
   * It never happens from now on; whether it took effect is not remembered, for its client has told
   * the cluster that nobody would ask. A client does so when it has an answer, and a minute after a
   * {@link CommitUnknownException}.
   */
  record Acknowledged() implements Outcome {}

  /**
   * Nobody can tell any more: it was first sent before the time for which results are remembered.
   * Look at the data.
   */
  record Forgotten() implements Outcome {}
}
