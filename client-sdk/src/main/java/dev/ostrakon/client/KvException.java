package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/**
 * Why a call failed. There are three cases, and what a caller must do differs between them:
 *
 * <ul>
 *   <li>{@link NotExecutedException}: it had no effect and never will have one;
 *   <li>{@link CommitUnknownException}: nobody knows, yet;
 *   <li>{@link ResultsLostException}: it took effect, but what it would have returned is lost.
 * </ul>
 *
 * A future's {@code join} wraps it in {@code CompletionException}. Messages never hold keys or
 * values.
 */
public abstract sealed class KvException extends RuntimeException
    permits NotExecutedException, CommitUnknownException, ResultsLostException {
  private static final long serialVersionUID = 1L;

  KvException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
