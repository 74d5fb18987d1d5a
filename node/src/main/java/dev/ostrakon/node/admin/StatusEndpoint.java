package dev.ostrakon.node.admin;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.StatusCodec;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.StatusResponse;
import dev.ostrakon.protocol.v1.StatusService;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** The {@code Status} service of a node. Any event loop. */
public final class StatusEndpoint extends StatusService {
  private final Supplier<Future<NodeStatus>> status;
  private final HybridLogicalClock clock;

  /** Tells what {@code status} says. */
  public StatusEndpoint(Supplier<Future<NodeStatus>> status, HybridLogicalClock clock) {
    this.status = status;
    this.clock = clock;
  }

  @Override
  public Future<StatusResponse> get(StatusRequest request) {
    return status.get().map(told -> StatusCodec.encode(told, clock.now()));
  }
}
