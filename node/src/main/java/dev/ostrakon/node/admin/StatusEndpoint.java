package dev.ostrakon.node.admin;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.node.cluster.ClusterName;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.StatusCodec;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.StatusResponse;
import dev.ostrakon.protocol.v1.StatusService;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** The {@code Status} service of a node. Any event loop. */
public final class StatusEndpoint extends StatusService {
  private final ClusterName cluster;
  private final Supplier<Future<NodeStatus>> status;
  private final HybridLogicalClock clock;

  /** Tells what {@code status} says. */
  public StatusEndpoint(
      ClusterName cluster, Supplier<Future<NodeStatus>> status, HybridLogicalClock clock) {
    this.cluster = cluster;
    this.status = status;
    this.clock = clock;
  }

  @Override
  public Future<StatusResponse> get(StatusRequest request) {
    Optional<ServiceError> refusal = cluster.refusalOf(request.getHeader());
    return refusal.isPresent()
        ? Future.succeededFuture(StatusCodec.encode(refusal.get(), clock.now()))
        : status.get().map(told -> StatusCodec.encode(told, clock.now()));
  }
}
