package dev.ostrakon.group.command;

/** Bytes are not what they should be: they were not written by this format's encoder. */
public final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected and what was there. */
  public MalformedException(String message) {
    super(message);
  }
}
