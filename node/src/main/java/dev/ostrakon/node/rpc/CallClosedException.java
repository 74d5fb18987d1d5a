package dev.ostrakon.node.rpc;

import java.io.Serial;

/** The stream of a call is over: reset, cancelled, or its connection lost. */
public final class CallClosedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  CallClosedException(String message) {
    super(message, null, false, false);
  }
}
