package dev.ostrakon.client;

/** What became of a request whose answer was lost. */
public sealed interface Outcome {
  /** It took effect, once, with this result. */
  record Committed(TxnResult result) implements Outcome {}

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
