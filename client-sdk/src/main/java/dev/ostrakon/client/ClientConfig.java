package dev.ostrakon.client;

import java.util.ArrayList;
import java.util.List;

/**
 * The constants of a client. Start from {@link #DEFAULTS} and change what matters: {@code
 * DEFAULTS.withTimeouts(new Timeouts(1_000, 300))}.
 *
 * @param clusterId the cluster that the client expects; empty if any will do
 * @param timeouts how long calls take at most
 * @param bounds how much the client takes on
 * @param stream what one stream to a node carries
 * @param retry how failed sendings are repeated
 * @param connection how connections are made and watched
 * @param eventLoops event loops, each with a stream of its own to each node, in [1, 256]
 */
public record ClientConfig(
    String clusterId,
    Timeouts timeouts,
    Bounds bounds,
    Stream stream,
    Retry retry,
    Connection connection,
    int eventLoops) {
  private static final int MILLIS_LIMIT = 3_600_000; // 1 hour
  private static final int COUNT_LIMIT = 1 << 20; // 1,048,576
  private static final int EVENT_LOOPS_LIMIT = 256;

  /** Any cluster, one event loop, and the defaults of the parts. */
  public static final ClientConfig DEFAULTS =
      new ClientConfig(
          "",
          Timeouts.DEFAULTS,
          Bounds.DEFAULTS,
          Stream.DEFAULTS,
          Retry.DEFAULTS,
          Connection.DEFAULTS,
          1);

  /**
   * How long calls take at most.
   *
   * @param requestMillis a call with all its retries, in [1, 1 hour]
   * @param attemptMillis how long one sending may go unanswered before the request is sent again
   *     under the same id. It holds for a small request to a node whose latency is not known yet,
   *     and adapts: down to half of it for a node that answers fast, up to twice what a slow node
   *     takes, longer for large requests, and twice as long with each sending that was given up
   */
  public record Timeouts(int requestMillis, int attemptMillis) {
    /** 5 s a call, 2 s a sending. */
    public static final Timeouts DEFAULTS = new Timeouts(5_000, 2_000);

    /** Requires positive times. */
    public Timeouts {
      List<String> violations = new ArrayList<>();
      ConfigRules.requireIn(violations, "requestMillis", requestMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "attemptMillis", attemptMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireNone(violations);
    }
  }

  /**
   * How much the client takes on. What exceeds it fails at once with {@link OverloadedException}.
   *
   * @param inFlightMax calls under way
   * @param waitingMax further calls that wait for their turn; 0 lets nobody wait
   * @param bytesMax bytes of the keys and values of all calls accepted and not completed
   */
  public record Bounds(int inFlightMax, int waitingMax, long bytesMax) {
    /** 4,096 calls under way, nobody waits, 64 MiB. */
    public static final Bounds DEFAULTS = new Bounds(4_096, 0, 64L << 20);

    /** Requires bounds that let something through. */
    public Bounds {
      List<String> violations = new ArrayList<>();
      ConfigRules.requireIn(violations, "inFlightMax", inFlightMax, 1, COUNT_LIMIT);
      ConfigRules.requireIn(violations, "waitingMax", waitingMax, 0, COUNT_LIMIT);
      ConfigRules.requireIn(violations, "bytesMax", bytesMax, 1, Long.MAX_VALUE);
      ConfigRules.requireNone(violations);
    }
  }

  /**
   * What one stream to a node carries.
   *
   * @param inFlightMax unanswered requests; the node's own window may be smaller
   * @param frameBytesMax a frame takes no further request once it has reached this size
   * @param unsentBytesMax bytes handed to the connection and not yet written, after which requests
   *     wait in the client
   */
  public record Stream(int inFlightMax, int frameBytesMax, int unsentBytesMax) {
    /** 4,096 requests, frames of 256 KiB, 1 MiB on the way to the socket. */
    public static final Stream DEFAULTS = new Stream(4_096, 256 << 10, 1 << 20);

    /** Requires bounds that let something through. */
    public Stream {
      List<String> violations = new ArrayList<>();
      ConfigRules.requireIn(violations, "inFlightMax", inFlightMax, 1, 1 << 16);
      ConfigRules.requireIn(violations, "frameBytesMax", frameBytesMax, 1, 64 << 20);
      ConfigRules.requireIn(violations, "unsentBytesMax", unsentBytesMax, 1, 1 << 30);
      ConfigRules.requireNone(violations);
    }
  }

  /**
   * How failed sendings are repeated: after a pause that doubles up to a bound, of which a random
   * half is spread. A hint whom to ask costs no pause.
   *
   * @param sendingsMax sendings of one request, first included
   * @param backoffMinMillis shortest pause
   * @param backoffMaxMillis longest pause
   * @param conflictsMax tries of one interactive transaction, first included
   */
  public record Retry(
      int sendingsMax, int backoffMinMillis, int backoffMaxMillis, int conflictsMax) {
    /** 1,000 sendings, which the deadline bounds sooner, 2 to 200 ms apart; 1,000 tries. */
    public static final Retry DEFAULTS = new Retry(1_000, 2, 200, 1_000);

    /** Requires positive bounds that fit together. */
    public Retry {
      List<String> violations = new ArrayList<>();
      ConfigRules.requireIn(violations, "sendingsMax", sendingsMax, 1, COUNT_LIMIT);
      ConfigRules.requireIn(violations, "backoffMinMillis", backoffMinMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(
          violations, "backoffMaxMillis", backoffMaxMillis, backoffMinMillis, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "conflictsMax", conflictsMax, 1, COUNT_LIMIT);
      ConfigRules.requireNone(violations);
    }
  }

  /**
   * How connections are made and watched.
   *
   * @param connectTimeoutMillis time to get a TCP connection
   * @param helloTimeoutMillis time from the connection to the answer to the hello
   * @param pingMillis time between two signs of life that are asked from a node
   * @param suspectMillis a node that owes an answer and gives no sign of life for so long is
   *     suspected: what was sent to it is sent to other nodes too, until it gives one. More than
   *     the round trip to the nodes takes
   * @param silenceMillis a connection without an answered ping for so long is given up
   * @param backoffMinMillis shortest pause before connecting again
   * @param backoffMaxMillis longest pause before connecting again; pauses double in between
   */
  public record Connection(
      int connectTimeoutMillis,
      int helloTimeoutMillis,
      int pingMillis,
      int suspectMillis,
      int silenceMillis,
      int backoffMinMillis,
      int backoffMaxMillis) {
    /**
     * 1 s to connect, 2 s to greet, a ping a second, 0.5 s to suspicion, 4 s of silence, 20 ms to 1
     * s of pause.
     */
    public static final Connection DEFAULTS =
        new Connection(1_000, 2_000, 1_000, 500, 4_000, 20, 1_000);

    /** Requires positive times that fit together. */
    public Connection {
      List<String> violations = new ArrayList<>();
      ConfigRules.requireIn(
          violations, "connectTimeoutMillis", connectTimeoutMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "helloTimeoutMillis", helloTimeoutMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "pingMillis", pingMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "suspectMillis", suspectMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "silenceMillis", silenceMillis, pingMillis, MILLIS_LIMIT);
      ConfigRules.requireIn(violations, "backoffMinMillis", backoffMinMillis, 1, MILLIS_LIMIT);
      ConfigRules.requireIn(
          violations, "backoffMaxMillis", backoffMaxMillis, backoffMinMillis, MILLIS_LIMIT);
      ConfigRules.requireNone(violations);
    }
  }

  /** Requires a possible number of event loops. */
  public ClientConfig {
    List<String> violations = new ArrayList<>();
    ConfigRules.requireIn(violations, "eventLoops", eventLoops, 1, EVENT_LOOPS_LIMIT);
    ConfigRules.requireNone(violations);
  }

  /** The same, for one cluster only. */
  public ClientConfig withClusterId(String other) {
    return new ClientConfig(other, timeouts, bounds, stream, retry, connection, eventLoops);
  }

  /** The same, with other times. */
  public ClientConfig withTimeouts(Timeouts other) {
    return new ClientConfig(clusterId, other, bounds, stream, retry, connection, eventLoops);
  }

  /** The same, with other bounds on what is taken on. */
  public ClientConfig withBounds(Bounds other) {
    return new ClientConfig(clusterId, timeouts, other, stream, retry, connection, eventLoops);
  }

  /** The same, with other bounds on a stream. */
  public ClientConfig withStream(Stream other) {
    return new ClientConfig(clusterId, timeouts, bounds, other, retry, connection, eventLoops);
  }

  /** The same, with other retries. */
  public ClientConfig withRetry(Retry other) {
    return new ClientConfig(clusterId, timeouts, bounds, stream, other, connection, eventLoops);
  }

  /** The same, with other rules for connections. */
  public ClientConfig withConnection(Connection other) {
    return new ClientConfig(clusterId, timeouts, bounds, stream, retry, other, eventLoops);
  }

  /** The same, on so many event loops. */
  public ClientConfig withEventLoops(int other) {
    return new ClientConfig(clusterId, timeouts, bounds, stream, retry, connection, other);
  }
}
