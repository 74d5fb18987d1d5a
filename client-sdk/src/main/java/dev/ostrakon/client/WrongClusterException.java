package dev.ostrakon.client;

/** The nodes at the given addresses belong to another cluster or speak another wire format. */
public final class WrongClusterException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  WrongClusterException(String message) {
    super(message, null);
  }
}
