package dev.ostrakon.node.shards;

import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerClients;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Calls the {@code Shards} service of other nodes; a connection for each call. Any event loop. */
public final class RemoteShards {
  private final Vertx vertx;
  private final PeerConfig config;
  private final TlsSettings tls;

  /** Nothing is connected yet. */
  public RemoteShards(Vertx vertx, PeerConfig config, TlsSettings tls) {
    this.vertx = vertx;
    this.config = config;
    this.tls = tls;
  }

  /**
   * Calls a node.
   *
   * @param timeoutMillis after which the answer fails
   */
  Future<ConfigurationResponse> call(
      NodeAddress address,
      long timeoutMillis,
      Function<ShardsGrpcClient, Future<ConfigurationResponse>> call) {
    GrpcClient client = PeerClients.create(vertx, config, tls);
    SocketAddress socket = address.toSocketAddress();
    return call.apply(ShardsGrpcClient.create(client, socket))
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .eventually(client::close);
  }
}
