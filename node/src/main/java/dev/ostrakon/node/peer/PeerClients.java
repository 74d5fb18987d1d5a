package dev.ostrakon.node.peer;

import dev.ostrakon.node.tls.TlsOptions;
import dev.ostrakon.node.tls.TlsSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;

/** Makes the clients by which a node calls its peers; one for each attempt to connect. */
public final class PeerClients {
  private PeerClients() {}

  /** A client without connections, to be closed by who asked for it. */
  public static GrpcClient create(Vertx vertx, PeerConfig config, TlsSettings tls) {
    HttpClientOptions http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2ConnectionWindowSize(PeerFlowControl.CONNECTION_WINDOW_BYTES)
            .setConnectTimeout(config.connectTimeoutMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true);
    return GrpcClient.client(
        vertx,
        new GrpcClientOptions().setMaxMessageSize(config.frameBytesCeiling()),
        TlsOptions.apply(tls, http));
  }
}
