package dev.ostrakon.node.peer;

import org.jspecify.annotations.Nullable;

/** The peer ended a stream that was to last. */
final class StreamClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StreamClosedException(@Nullable String status) {
    super("the peer ended the stream" + (status == null ? "" : ": " + status), null, false, false);
  }
}
