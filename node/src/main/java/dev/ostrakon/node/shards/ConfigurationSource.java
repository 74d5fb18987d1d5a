package dev.ostrakon.node.shards;

import dev.ostrakon.controller.ConfigurationQuery;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.protocol.ErrorCodec;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.QueryRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a node hears of configurations: from its own replica of the controller, or, if it has none,
 * from a node that has one. Confined to one event loop.
 */
public final class ConfigurationSource {
  private static final int TIMEOUT_MILLIS = 2_000;

  private final RemoteShards shards;
  private final Supplier<Optional<LocalController>> local;
  private final List<NodeAddress> remote;
  private int next;

  /**
   * A source.
   *
   * @param local the replica on this node, if there is one
   * @param remote the other nodes that have one
   */
  public ConfigurationSource(
      RemoteShards shards, Supplier<Optional<LocalController>> local, List<NodeAddress> remote) {
    this.shards = shards;
    this.local = local;
    this.remote = List.copyOf(remote);
  }

  /** The newest configuration that the asked replica knows; empty if there is none. */
  Future<Optional<Configuration>> newest() {
    return local
        .get()
        .map(LocalController::newest)
        .orElseGet(() -> ask(ConfigurationQuery.LATEST_NUMBER).map(Optional::of));
  }

  /** The configuration with this number. */
  Future<Configuration> numbered(long number) {
    return local
        .get()
        .map(controller -> controller.query(ConfigurationQuery.of(number), TIMEOUT_MILLIS))
        .orElseGet(() -> ask(number));
  }

  /** Asks one node after the other, a new one each time. */
  private Future<Configuration> ask(long number) {
    if (remote.isEmpty()) {
      return Future.failedFuture("no node to ask for a configuration");
    }
    NodeAddress address = remote.get(next % remote.size());
    next++;
    QueryRequest query = QueryRequest.newBuilder().setNumber(number).setMayBeStale(true).build();
    return shards
        .call(address, TIMEOUT_MILLIS, client -> client.query(query))
        .compose(ConfigurationSource::decode);
  }

  private static Future<Configuration> decode(ConfigurationResponse response) {
    try {
      return response.getHeader().hasError()
          ? Future.failedFuture(
              new ShardsException(ErrorCodec.decode(response.getHeader().getError())))
          : Future.succeededFuture(ShardsCodec.decode(response).configuration());
    } catch (MalformedMessageException e) {
      return Future.failedFuture(e);
    }
  }
}
