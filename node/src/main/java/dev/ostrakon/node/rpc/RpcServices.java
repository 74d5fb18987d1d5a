package dev.ostrakon.node.rpc;

import dev.ostrakon.replica.Scheduler;
import io.vertx.grpc.server.Service;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a node serves on its port beside the stream of its peers.
 *
 * @param makers each makes a service for one event loop, which then serves it
 * @param limits of the messages of services that are not served under the common limits, by the
 *     service's full name
 * @param counters of all event loops
 */
public record RpcServices(
    List<Function<Scheduler, Service>> makers,
    Map<String, MessageLimits> limits,
    RpcCounters counters) {

  /** Copies what is given. */
  public RpcServices {
    makers = List.copyOf(makers);
    limits = Map.copyOf(limits);
  }

  /** Nothing. */
  public static RpcServices none() {
    return new RpcServices(List.of(), Map.of(), new RpcCounters());
  }
}
