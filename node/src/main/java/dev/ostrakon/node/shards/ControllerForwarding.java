package dev.ostrakon.node.shards;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes what only the controller's leader can do on to the node that leads it. A call goes over
 * one hop: a node that is passed one answers itself, if only that it does not lead.
 */
public final class ControllerForwarding {
  private static final Logger log = LoggerFactory.getLogger(ControllerForwarding.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final RemoteShards remote;
  private final Map<NodeId, NodeAddress> holders;
  private final Scheduler loop;

  /**
   * Passes calls on from a loop.
   *
   * @param holders the other nodes that hold a replica of the controller, in order of preference
   */
  public ControllerForwarding(
      RemoteShards remote, Map<NodeId, NodeAddress> holders, Scheduler loop) {
    this.remote = remote;
    this.holders = holders;
    this.loop = loop;
  }

  /** A call and how it is made. */
  interface Forwarded
      extends BiFunction<ShardsGrpcClient, RequestHeader, Future<ConfigurationResponse>> {}

  /** When a call must be answered that arrives now. */
  long deadlineNanos(int timeoutMillis) {
    return loop.nowNanos() + timeoutMillis * NANOS_PER_MILLI;
  }

  /**
   * Has the leader do it; fails with {@link NotControllerException} if there is nobody to ask. If
   * the node asked does not lead and knows who does, that one is asked, once.
   *
   * @param leader as far as is known here
   * @param header names the request, so that it is carried out once however often it is passed on
   */
  Future<ConfigurationResponse> forward(
      Optional<NodeId> leader, RequestHeader header, long deadlineNanos, Forwarded call) {
    if (header.getForwarded() || holders.isEmpty()) {
      return Future.failedFuture(new NotControllerException(leader));
    }
    NodeId first =
        leader.filter(holders::containsKey).orElseGet(() -> holders.keySet().iterator().next());
    return ask(first, header, deadlineNanos, call)
        .compose(
            response ->
                hint(response)
                    .filter(node -> !node.equals(first))
                    .map(node -> ask(node, header, deadlineNanos, call))
                    .orElseGet(() -> Future.succeededFuture(response)));
  }

  /** Whom a node that does not lead names instead, which has then done nothing itself. */
  private Optional<NodeId> hint(ConfigurationResponse response) {
    String named = response.getHeader().getError().getLeader().getNodeId();
    return holders.keySet().stream().filter(node -> node.name().equals(named)).findFirst();
  }

  private Future<ConfigurationResponse> ask(
      NodeId node, RequestHeader header, long deadlineNanos, Forwarded call) {
    long leftMillis = Math.max(1, (deadlineNanos - loop.nowNanos()) / NANOS_PER_MILLI);
    RequestHeader passedOn =
        header.toBuilder().setForwarded(true).setTimeoutMillis((int) leftMillis).build();
    NodeAddress address = Objects.requireNonNull(holders.get(node));
    return remote
        .call(address, leftMillis, client -> call.apply(client, passedOn))
        .recover(cause -> Future.failedFuture(lost(node, cause)));
  }

  private static ShardsException lost(NodeId node, Throwable cause) {
    log.warn("lost a call to the controller node={} cause={}", node, cause.toString());
    return new ShardsException(
        new ServiceError(
            ErrorCode.OUTCOME_UNKNOWN,
            "the call was passed on to node " + node + ", which did not answer in time"));
  }
}
