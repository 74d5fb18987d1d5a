package dev.ostrakon.node.peer;

import java.util.ArrayList;
import java.util.List;

/**
 * The constants of the connections between nodes.
 *
 * @param frameBytesMax a frame takes no further message once it has reached this size
 * @param messageBytesMax largest single message; a larger one is dropped and counted
 * @param queueBytesMax bytes that may wait for one peer; beyond it messages are dropped
 * @param queueMessagesMax messages that may wait for one peer; beyond it they are dropped
 * @param unsentBytesMax bytes handed to the connection and not yet written to the socket, after
 *     which the queue waits, so that an urgent message has little before it
 * @param handoverFramesMax received frames on their way to replicas of other event loops, per
 *     stream, after which the stream is paused
 * @param connectTimeoutMillis time to get a TCP connection
 * @param helloTimeoutMillis time from the connection to the answer to the hello
 * @param pingMillis time between two signs of life that are asked from a peer
 * @param silenceMillis a connection without an answered ping for so long is given up
 * @param backoffMinMillis shortest wait before connecting again
 * @param backoffMaxMillis longest wait before connecting again; waits double in between
 */
public record PeerConfig(
    int frameBytesMax,
    int messageBytesMax,
    long queueBytesMax,
    int queueMessagesMax,
    int unsentBytesMax,
    int handoverFramesMax,
    int connectTimeoutMillis,
    int helloTimeoutMillis,
    int pingMillis,
    int silenceMillis,
    int backoffMinMillis,
    int backoffMaxMillis) {

  /** Room for some leaders' windows, and reconnection within a fraction of an election timeout. */
  public static final PeerConfig DEFAULTS =
      new PeerConfig(
          512 << 10, // 512 KiB
          16 << 20, // 16 MiB
          64L << 20, // 64 MiB
          100_000, 1 << 20, // 1 MiB
          64, 1_000, 2_000, 1_000, 5_000, 20, 1_000);

  public PeerConfig {
    List<String> violations = new ArrayList<>();
    requirePositive(violations, "frameBytesMax", frameBytesMax);
    requirePositive(violations, "queueMessagesMax", queueMessagesMax);
    requirePositive(violations, "unsentBytesMax", unsentBytesMax);
    requirePositive(violations, "handoverFramesMax", handoverFramesMax);
    requirePositive(violations, "connectTimeoutMillis", connectTimeoutMillis);
    requirePositive(violations, "helloTimeoutMillis", helloTimeoutMillis);
    requirePositive(violations, "pingMillis", pingMillis);
    requirePositive(violations, "backoffMinMillis", backoffMinMillis);
    requireAtLeast(violations, "messageBytesMax", messageBytesMax, "frameBytesMax", frameBytesMax);
    requireAtLeast(violations, "queueBytesMax", queueBytesMax, "messageBytesMax", messageBytesMax);
    requireAtLeast(violations, "silenceMillis", silenceMillis, "pingMillis", pingMillis);
    requireAtLeast(
        violations, "backoffMaxMillis", backoffMaxMillis, "backoffMinMillis", backoffMinMillis);
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }

  /** The largest frame that can come about: one begun below the limit, plus one message. */
  public long frameBytesCeiling() {
    // Twice the payload leaves room for what the wire form adds to very small messages.
    return 2L * ((long) frameBytesMax + messageBytesMax);
  }

  private static void requirePositive(List<String> violations, String name, int value) {
    if (value <= 0) {
      violations.add(name + " must be positive, was " + value);
    }
  }

  private static void requireAtLeast(
      List<String> violations, String name, long value, String floorName, long floor) {
    if (value < floor) {
      violations.add(name + " must be at least " + floorName + "=" + floor + ", was " + value);
    }
  }
}
