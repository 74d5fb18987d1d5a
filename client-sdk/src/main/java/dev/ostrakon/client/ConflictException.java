package dev.ostrakon.client;

/**
 * An interactive transaction found at every try that what it had read was changed before it could
 * commit. A one-shot {@link OstrakonClient#txn} never fails so.
 */
public final class ConflictException extends RetryableException {
  private static final long serialVersionUID = 1L;

  private final int attempts;

  ConflictException(String message, int attempts) {
    super(message, null);
    this.attempts = attempts;
  }

  /** How often it was tried. */
  public int attempts() {
    return attempts;
  }
}
