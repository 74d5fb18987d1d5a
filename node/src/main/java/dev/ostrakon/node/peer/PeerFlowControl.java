package dev.ostrakon.node.peer;

import io.vertx.core.http.Http2Settings;

/** HTTP/2 windows that suit streams of large frames between nodes. */
public final class PeerFlowControl {

  /** What a peer may send on one stream before it is read: keeps a fast link busy. */
  public static final int STREAM_WINDOW_BYTES = 1 << 20; // 1 MiB

  /** What may be sent on all streams of a connection before it is read. */
  public static final int CONNECTION_WINDOW_BYTES = 2 << 20; // 2 MiB

  private PeerFlowControl() {}

  /** The settings that a server announces. */
  public static Http2Settings serverSettings() {
    return new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES);
  }
}
