package dev.ostrakon.node.shards;

import dev.ostrakon.controller.ConfigurationQuery;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerClients;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.protocol.ErrorCodec;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where a node hears of configurations: from its own replica of the controller, or, if it has none,
 * from a node that has one. Confined to one event loop.
 */
public final class ConfigurationSource {
  private static final int TIMEOUT_MILLIS = 2_000;

  private final Vertx vertx;
  private final PeerConfig config;
  private final TlsSettings tls;
  private final Supplier<Optional<LocalController>> local;
  private final List<Map.Entry<NodeId, NodeAddress>> remote;
  private int next;

  /**
   * A source.
   *
   * @param local the replica on this node, if there is one
   * @param remote the other nodes that have one
   */
  public ConfigurationSource(
      Vertx vertx,
      PeerConfig config,
      TlsSettings tls,
      Supplier<Optional<LocalController>> local,
      List<Map.Entry<NodeId, NodeAddress>> remote) {
    this.vertx = vertx;
    this.config = config;
    this.tls = tls;
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
    NodeAddress address = remote.get(next % remote.size()).getValue();
    next++;
    GrpcClient client = PeerClients.create(vertx, config, tls);
    return ShardsGrpcClient.create(
            client, SocketAddress.inetSocketAddress(address.port(), address.host()))
        .query(QueryRequest.newBuilder().setNumber(number).setMayBeStale(true).build())
        .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .compose(ConfigurationSource::decode)
        .eventually(client::close);
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
