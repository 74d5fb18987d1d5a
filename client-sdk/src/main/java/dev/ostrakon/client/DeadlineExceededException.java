package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/**
 * The call's time was over, and it is certain that it had no effect. (Where that is not certain
 * there is {@link CommitUnknownException}.)
 */
public final class DeadlineExceededException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  DeadlineExceededException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
