package dev.ostrakon.node.settings;

import dev.ostrakon.model.Limits;
import dev.ostrakon.node.peer.PeerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * How a node serves its clients.
 *
 * @param eventLoops event loops, which groups and connections are spread over
 * @param sessionWindow requests that may be unanswered on one session
 * @param requestsMax requests of all clients together that may be unanswered
 * @param frameBytesMax the largest message that is taken
 * @param sessionsMax sessions of clients that may be open
 * @param helloMillis how long a session may take to introduce itself
 * @param connectionsMax connections that may be open
 * @param connectionsPerAddressMax of these, from one address
 * @param leaders where leaders had best be
 */
public record ServingSettings(
    int eventLoops,
    int sessionWindow,
    int requestsMax,
    int frameBytesMax,
    int sessionsMax,
    int helloMillis,
    int connectionsMax,
    int connectionsPerAddressMax,
    Leaders leaders) {

  /** Where the leaders of groups had best be. */
  public enum Leaders {
    /** Spread over the nodes, whatever they do. */
    SPREAD,
    /**
     * On one node while most of what they do is for transactions over several groups, if every
     * group is on every node; else spread.
     */
    ADAPTIVE
  }

  /**
   * One loop, 4,096 requests a session, 65,536 in all, 16 MiB, 10,000 sessions, 5 s, 16,384
   * connections, of one address 4,096, adaptive.
   */
  public static final ServingSettings DEFAULTS =
      new ServingSettings(
          1, 4_096, 65_536, 16 << 20, 10_000, 5_000, 16_384, 4_096, Leaders.ADAPTIVE);

  /** Objects that a message may become, at least. */
  private static final int ELEMENTS_LEAST = 1 << 17; // 131,072

  /** Objects that stand for one key of a transaction, at most. */
  private static final int ELEMENTS_PER_KEY = 16;

  private static final int EVENT_LOOPS_MAX = 256;

  /** These settings with so many event loops. */
  public ServingSettings withEventLoops(int newEventLoops) {
    return new ServingSettings(
        newEventLoops,
        sessionWindow,
        requestsMax,
        frameBytesMax,
        sessionsMax,
        helloMillis,
        connectionsMax,
        connectionsPerAddressMax,
        leaders);
  }

  /** These settings with other bounds for requests: of one session, and of all clients. */
  public ServingSettings withRequests(int newSessionWindow, int newRequestsMax) {
    return new ServingSettings(
        eventLoops,
        newSessionWindow,
        newRequestsMax,
        frameBytesMax,
        sessionsMax,
        helloMillis,
        connectionsMax,
        connectionsPerAddressMax,
        leaders);
  }

  /** These settings with so many sessions, and so long for their introduction. */
  public ServingSettings withSessions(int newSessionsMax, int newHelloMillis) {
    return new ServingSettings(
        eventLoops,
        sessionWindow,
        requestsMax,
        frameBytesMax,
        newSessionsMax,
        newHelloMillis,
        connectionsMax,
        connectionsPerAddressMax,
        leaders);
  }

  /** These settings with so many connections, and so many from one address. */
  public ServingSettings withConnections(int newConnectionsMax, int newPerAddressMax) {
    return new ServingSettings(
        eventLoops,
        sessionWindow,
        requestsMax,
        frameBytesMax,
        sessionsMax,
        helloMillis,
        newConnectionsMax,
        newPerAddressMax,
        leaders);
  }

  /** Objects that a message of a client or coordinator may become when it is parsed. */
  public int elementsMax(Limits limits) {
    return (int)
        Math.min(
            Integer.MAX_VALUE,
            Math.max(ELEMENTS_LEAST, (long) ELEMENTS_PER_KEY * limits.txnKeysMax()));
  }

  /** These settings with the leaders there. */
  public ServingSettings withLeaders(Leaders newLeaders) {
    return new ServingSettings(
        eventLoops,
        sessionWindow,
        requestsMax,
        frameBytesMax,
        sessionsMax,
        helloMillis,
        connectionsMax,
        connectionsPerAddressMax,
        newLeaders);
  }

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations(ClusterPlan plan) {
    List<String> violations = new ArrayList<>();
    if (eventLoops < 1 || eventLoops > EVENT_LOOPS_MAX) {
      violations.add("event-loops is in 1.." + EVENT_LOOPS_MAX + ", was " + eventLoops);
    }
    if (sessionWindow < 1 || requestsMax < sessionWindow) {
      violations.add(
          "session-window is positive and requests-max at least as much, were "
              + sessionWindow
              + " and "
              + requestsMax);
    }
    if (sessionsMax < 1 || helloMillis < 1) {
      violations.add(
          "sessions-max and hello-millis are positive, were "
              + sessionsMax
              + " and "
              + helloMillis);
    }
    if (connectionsPerAddressMax < 1 || connectionsMax < connectionsPerAddressMax) {
      violations.add(
          "connections-per-address-max is positive and connections-max at least as much, were "
              + connectionsPerAddressMax
              + " and "
              + connectionsMax);
    }
    if (frameBytesMax < 2L * plan.limits().txnBytesMax()) {
      violations.add(
          "frame-bytes-max is at least twice txn-bytes-max="
              + plan.limits().txnBytesMax()
              + ", was "
              + frameBytesMax);
    }
    if (frameBytesMax > PeerConfig.DEFAULTS.frameBytesCeiling()) {
      violations.add(
          "frame-bytes-max is at most "
              + PeerConfig.DEFAULTS.frameBytesCeiling()
              + ", the largest message that the node's port takes, was "
              + frameBytesMax);
    }
    return violations;
  }
}
