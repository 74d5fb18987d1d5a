package dev.ostrakon.node.rpc;

import io.vertx.grpc.common.GrpcStatus;
import java.io.Serial;

/** A call is ended for what it sent, or did not send in time. */
public final class CallRefusedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final GrpcStatus status;

  CallRefusedException(GrpcStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The status that the caller is told. */
  public GrpcStatus status() {
    return status;
  }
}
