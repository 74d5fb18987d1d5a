package dev.ostrakon.node.connection;

/**
 * How many connections a port takes, and what is expected of them.
 *
 * @param connectionsMax connections that may be open
 * @param perAddressMax of these, from one address
 * @param settleMillis a connection that is not settled after so long is closed
 * @param settles what settles a connection
 * @param pingMillis a settled connection that has been silent for so long is pinged
 * @param silenceMillis a settled connection that has been silent for so long is closed
 */
public record ConnectionLimits(
    int connectionsMax,
    int perAddressMax,
    int settleMillis,
    Settles settles,
    int pingMillis,
    int silenceMillis) {

  /** What settles a connection. */
  public enum Settles {
    /** Its HTTP/2 handshake. */
    HTTP2,
    /** Nothing: it is closed when its time is over. */
    NEVER
  }

  private static final int SETTLE_MILLIS = 10_000;
  private static final int PING_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 15_000;
  private static final int ADMIN_CONNECTIONS_MAX = 64;
  private static final int ADMIN_MILLIS = 30_000;

  /** File descriptors that are left to the node's own files and to its links to peers. */
  private static final int RESERVED_FILES = 512;

  /** Requires positive limits. */
  public ConnectionLimits {
    if (connectionsMax < 1
        || perAddressMax < 1
        || settleMillis < 1
        || pingMillis < 1
        || silenceMillis <= pingMillis) {
      throw new IllegalArgumentException(
          "limits of connections are positive, and silence is longer than the time between pings");
    }
  }

  /**
   * For clients and peers: 10 s for the handshake, a ping after 5 s of silence, the end after 15.
   */
  public static ConnectionLimits ofServer(int connectionsMax, int perAddressMax) {
    return new ConnectionLimits(
        connectionsMax, perAddressMax, SETTLE_MILLIS, Settles.HTTP2, PING_MILLIS, SILENCE_MILLIS);
  }

  /** For operators: 64 connections of at most 30 s. */
  public static ConnectionLimits ofAdmin() {
    return new ConnectionLimits(
        ADMIN_CONNECTIONS_MAX,
        ADMIN_CONNECTIONS_MAX,
        ADMIN_MILLIS,
        Settles.NEVER,
        ADMIN_MILLIS,
        2 * ADMIN_MILLIS);
  }

  /**
   * These limits, with no more connections than leave file descriptors for the node's own files.
   *
   * @param filesMax file descriptors that the process may have
   */
  public ConnectionLimits within(long filesMax) {
    long most = Math.max(filesMax / 2, filesMax - RESERVED_FILES);
    return most >= connectionsMax
        ? this
        : new ConnectionLimits(
            (int) most,
            (int) Math.min(most, perAddressMax),
            settleMillis,
            settles,
            pingMillis,
            silenceMillis);
  }
}
