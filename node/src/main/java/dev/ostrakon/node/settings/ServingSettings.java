package dev.ostrakon.node.settings;

import dev.ostrakon.model.Limits;
import dev.ostrakon.node.peer.PeerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * How a node serves its clients.
 *
 * @param eventLoops event loops, which groups and connections are spread over
 * @param requests that may be unanswered
 * @param frameBytesMax the largest message that is taken
 * @param sessions of clients
 * @param connections that may be open
 * @param leaders where leaders had best be
 */
public record ServingSettings(
    int eventLoops,
    Requests requests,
    int frameBytesMax,
    Sessions sessions,
    Connections connections,
    Leaders leaders) {

  /** Requests that may be unanswered, on one session and of all clients together. */
  public record Requests(int perSessionMax, int max) {}

  /** Sessions that may be open, and how long one may take to introduce itself. */
  public record Sessions(int max, int helloMillis) {}

  /** Connections that may be open, and how many of them from one address. */
  public record Connections(int max, int perAddressMax) {}

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
          1,
          new Requests(4_096, 65_536),
          16 << 20,
          new Sessions(10_000, 5_000),
          new Connections(16_384, 4_096),
          Leaders.ADAPTIVE);

  /** Objects that a message may become, at least. */
  private static final int ELEMENTS_LEAST = 1 << 17; // 131,072

  /** Objects that stand for one key of a transaction, at most. */
  private static final int ELEMENTS_PER_KEY = 16;

  private static final int EVENT_LOOPS_MAX = 256;

  /** These settings with so many event loops. */
  public ServingSettings withEventLoops(int newEventLoops) {
    return new ServingSettings(
        newEventLoops, requests, frameBytesMax, sessions, connections, leaders);
  }

  /** These settings with other bounds for requests. */
  public ServingSettings withRequests(Requests newRequests) {
    return new ServingSettings(
        eventLoops, newRequests, frameBytesMax, sessions, connections, leaders);
  }

  /** These settings with other bounds for sessions. */
  public ServingSettings withSessions(Sessions newSessions) {
    return new ServingSettings(
        eventLoops, requests, frameBytesMax, newSessions, connections, leaders);
  }

  /** These settings with other bounds for connections. */
  public ServingSettings withConnections(Connections newConnections) {
    return new ServingSettings(
        eventLoops, requests, frameBytesMax, sessions, newConnections, leaders);
  }

  /** These settings with the leaders there. */
  public ServingSettings withLeaders(Leaders newLeaders) {
    return new ServingSettings(
        eventLoops, requests, frameBytesMax, sessions, connections, newLeaders);
  }

  /** Objects that a message of a client or coordinator may become when it is parsed. */
  public int elementsMax(Limits limits) {
    return (int)
        Math.min(
            Integer.MAX_VALUE,
            Math.max(ELEMENTS_LEAST, (long) ELEMENTS_PER_KEY * limits.txnKeysMax()));
  }

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations(ClusterPlan plan) {
    List<String> violations = new ArrayList<>();
    if (eventLoops < 1 || eventLoops > EVENT_LOOPS_MAX) {
      violations.add("event-loops is in 1.." + EVENT_LOOPS_MAX + ", was " + eventLoops);
    }
    if (requests.perSessionMax < 1 || requests.max < requests.perSessionMax) {
      violations.add(
          "session-window is positive and requests-max at least as much, were "
              + requests.perSessionMax
              + " and "
              + requests.max);
    }
    if (sessions.max < 1 || sessions.helloMillis < 1) {
      violations.add(
          "sessions-max and hello-millis are positive, were "
              + sessions.max
              + " and "
              + sessions.helloMillis);
    }
    if (connections.perAddressMax < 1 || connections.max < connections.perAddressMax) {
      violations.add(
          "connections-per-address-max is positive and connections-max at least as much, were "
              + connections.perAddressMax
              + " and "
              + connections.max);
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
