package dev.ostrakon.client;

/** Too much is in flight, in this client or in a node. */
public final class OverloadedException extends RetryableException {
  private static final long serialVersionUID = 1L;

  private final int retryAfterMillis;

  OverloadedException(String message, int retryAfterMillis) {
    super(message, null);
    this.retryAfterMillis = retryAfterMillis;
  }

  /** After how many milliseconds it is worth another try; a hint, at least 1. */
  public int retryAfterMillis() {
    return retryAfterMillis;
  }
}
