package dev.ostrakon.model;

/**
 * The id of one attempt at a transaction.
 *
 * @param attempt counts the attempts of one request from 1; an attempt that was aborted because it
 *     did not reach every participant is followed by the next
 */
public record TxnId(RequestId request, int attempt) implements Comparable<TxnId> {
  /** Requires a positive attempt. */
  public TxnId {
    if (attempt < 1) {
      throw new IllegalArgumentException("an attempt's number starts at 1, was " + attempt);
    }
  }

  @Override
  public int compareTo(TxnId other) {
    int byRequest = request.compareTo(other.request);
    return byRequest != 0 ? byRequest : Integer.compare(attempt, other.attempt);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TxnId that && attempt == that.attempt && request.equals(that.request);
  }

  @Override
  public int hashCode() {
    return 31 * request.hashCode() + attempt;
  }

  @Override
  public String toString() {
    return request + "/" + attempt;
  }
}
