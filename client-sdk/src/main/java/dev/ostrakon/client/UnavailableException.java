package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/** No node that could have carried it out was reached. */
public final class UnavailableException extends RetryableException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
