package dev.ostrakon.raft;

/**
 * A message and its other end.
 *
 * @param peer the receiver of an outgoing message, the sender of an incoming one
 */
public record Envelope(ReplicaId peer, RaftMessage message) {
  @Override
  public String toString() {
    return peer + " " + message;
  }
}
