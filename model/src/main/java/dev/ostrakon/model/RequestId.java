package dev.ostrakon.model;

/**
 * The id of one request, the same over all its retries.
 *
 * @param sequence counts a client's requests from 1
 */
public record RequestId(ClientId client, long sequence) implements Comparable<RequestId> {
  /** Requires a positive sequence. */
  public RequestId {
    if (sequence < 1) {
      throw new IllegalArgumentException("a request's sequence starts at 1, was " + sequence);
    }
  }

  @Override
  public int compareTo(RequestId other) {
    int byClient = client.compareTo(other.client);
    return byClient != 0 ? byClient : Long.compare(sequence, other.sequence);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RequestId that
        && sequence == that.sequence
        && client.equals(that.client);
  }

  @Override
  public int hashCode() {
    return 31 * client.hashCode() + Long.hashCode(sequence);
  }

  @Override
  public String toString() {
    return client + "-" + sequence;
  }
}
