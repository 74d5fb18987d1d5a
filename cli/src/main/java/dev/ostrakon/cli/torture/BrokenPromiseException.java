package dev.ostrakon.cli.torture;

import org.jspecify.annotations.Nullable;

/** The store did what it never may, in a way that no history can say. */
public final class BrokenPromiseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenPromiseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
