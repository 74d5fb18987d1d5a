package dev.ostrakon.node.codec;

/**
 * A message that no correct node sends: a number out of range, columns of different lengths, an
 * entry that cannot follow the one before it. The message is to be dropped; its sender is broken or
 * not a node at all.
 */
public final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }

  public MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
