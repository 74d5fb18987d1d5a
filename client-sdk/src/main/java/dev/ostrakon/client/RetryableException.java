package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/**
 * The cluster, or this client, could not take the call at present, and the client's own bounded
 * retries did not help either: the same call may well succeed later. Wait before trying again.
 */
public abstract sealed class RetryableException extends NotExecutedException
    permits NotLeaderException,
        WrongShardException,
        OverloadedException,
        UnavailableException,
        ConflictException {
  private static final long serialVersionUID = 1L;

  RetryableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
