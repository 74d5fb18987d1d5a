package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.protocol.v1.ResponseHeader;
import java.util.Optional;

/** The headers of unary answers. */
public final class HeaderCodec {
  private HeaderCodec() {}

  /** The header of an answer that is one. */
  public static ResponseHeader answered(HybridTimestamp now) {
    return ResponseHeader.newBuilder().setTimestamp(now.packed()).build();
  }

  /** The header of an answer that says why there is none. */
  public static ResponseHeader failed(HybridTimestamp now, ServiceError error) {
    return ResponseHeader.newBuilder()
        .setTimestamp(now.packed())
        .setError(ErrorCodec.encode(error))
        .build();
  }

  /** Why there is no answer; empty if there is one. */
  public static Optional<ServiceError> error(ResponseHeader wire) throws MalformedMessageException {
    return wire.hasError() ? Optional.of(ErrorCodec.decode(wire.getError())) : Optional.empty();
  }
}
