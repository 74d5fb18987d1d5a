package dev.ostrakon.protocol;

import dev.ostrakon.model.NodeId;

/** How a node answers a {@link SessionHello}. */
public sealed interface SessionWelcome {
  /**
   * Come in.
   *
   * @param window how many requests may be unanswered on the stream, at least 1
   * @param frameBytesMax the largest frame that the node takes, at least 1
   */
  record Accepted(
      int wireMajor, int wireMinor, String clusterId, NodeId node, int window, int frameBytesMax)
      implements SessionWelcome {
    /** Requires bounds that let something through. */
    public Accepted {
      if (window < 1 || frameBytesMax < 1) {
        throw new IllegalArgumentException(
            "window and frameBytesMax are positive, were " + window + " and " + frameBytesMax);
      }
    }
  }

  /** The session is refused, and the stream ends. */
  record Rejected(ServiceError error) implements SessionWelcome {}
}
