package dev.ostrakon.client;

import dev.ostrakon.protocol.ServiceError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request can never succeed as it is: it breaks a limit, or the cluster cannot do that. */
public final class InvalidRequestException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  private final transient ServiceError.@Nullable Limit limit;

  InvalidRequestException(String message, ServiceError.@Nullable Limit limit) {
    super(message, null);
    this.limit = limit;
  }

  /** The limit that it breaks: its name, what it allows, what was asked; empty for other faults. */
  public Optional<ServiceError.Limit> limit() {
    return Optional.ofNullable(limit);
  }
}
