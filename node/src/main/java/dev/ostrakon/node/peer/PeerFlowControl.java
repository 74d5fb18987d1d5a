package dev.ostrakon.node.peer;

import io.vertx.core.http.Http2Settings;

/** HTTP/2 windows that suit streams of large frames between nodes. */
public final class PeerFlowControl {

  /** What a peer may send on one stream before it is read: keeps a fast link busy. */
  public static final int STREAM_WINDOW_BYTES = 1 << 20; // 1 MiB

  /** What may be sent on all streams of a connection before it is read. */
  public static final int CONNECTION_WINDOW_BYTES = 2 << 20; // 2 MiB

  /** Calls that may be open on one connection. */
  public static final int STREAMS_MAX = 1_024;

  /** The headers of one call together. */
  public static final int HEADER_BYTES_MAX = 16 << 10; // 16 KiB

  private PeerFlowControl() {}

  /** The settings that a server announces. */
  public static Http2Settings serverSettings() {
    return new Http2Settings()
        .setInitialWindowSize(STREAM_WINDOW_BYTES)
        .setMaxConcurrentStreams(STREAMS_MAX)
        .setMaxHeaderListSize(HEADER_BYTES_MAX);
  }
}
