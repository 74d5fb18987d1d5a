package dev.ostrakon.protocol;

/**
 * A message that no correct peer sends: a kind or a number out of range, a field that is missing.
 * The message of the exception says what was expected and what was found, never a key or a value.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What was expected, and what was found. */
  public MalformedMessageException(String message) {
    super(message);
  }

  /** The same, found by a type that refused to be made of the named part. */
  MalformedMessageException(String part, IllegalArgumentException cause) {
    super(part + ": " + cause.getMessage(), cause);
  }
}
