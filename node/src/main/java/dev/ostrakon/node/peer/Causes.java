package dev.ostrakon.node.peer;

import java.net.ConnectException;
import java.net.UnknownHostException;

/** What went wrong with a connection, in words for an operator. */
final class Causes {
  private Causes() {}

  /** The most telling sentence of a failure. */
  static String describe(Throwable cause) {
    for (Throwable part = cause; part != null; part = part.getCause()) {
      if (part instanceof UnknownHostException) {
        return "the name does not resolve";
      }
      if (part instanceof ConnectException) {
        return "the connection is refused or times out";
      }
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
