package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/**
 * The call had no effect and never will have one: it may be made again, as a new one, without being
 * done twice. Reads fail in no other way.
 */
public abstract sealed class NotExecutedException extends KvException
    permits RetryableException,
        TransactionRefusedException,
        InvalidRequestException,
        DeadlineExceededException,
        ClockSkewException,
        NotTextException,
        WrongClusterException,
        ShardsException,
        ClientClosedException {
  private static final long serialVersionUID = 1L;

  NotExecutedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
