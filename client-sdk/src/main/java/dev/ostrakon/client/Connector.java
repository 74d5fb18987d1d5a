package dev.ostrakon.client;

import dev.ostrakon.protocol.WireFormat;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes connections. */
final class Connector {
  private static final int STREAM_WINDOW_BYTES = 1 << 20; // 1 MiB
  private static final int CONNECTION_WINDOW_BYTES = 2 << 20; // 2 MiB

  /** Answers may be larger than requests: a transaction reads many values. */
  private static final long MESSAGE_BYTES_MAX = 16L * WireFormat.FRAME_BYTES_MAX;

  private final Vertx vertx;
  private final HttpClientOptions options;

  Connector(Vertx vertx, ClientConfig config, @Nullable ClientTls tls) {
    this.vertx = vertx;
    this.options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
            .setConnectTimeout(config.connection().connectTimeoutMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true);
    if (tls != null) {
      encrypt(tls);
    }
  }

  private void encrypt(ClientTls tls) {
    options.setSsl(true).setUseAlpn(true);
    Path authority = tls.authority();
    Path certificate = tls.certificate();
    Path key = tls.key();
    if (authority != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()));
    }
    if (certificate != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString()));
    }
  }

  /** A gRPC client with connections of its own. */
  GrpcClient newClient() {
    return GrpcClient.client(
        vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), options);
  }

  /**
   * The address that a user wrote.
   *
   * @throws IllegalArgumentException if it is not {@code host:port}
   */
  static SocketAddress socketAddress(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 1 ? "" : address.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(address.substring(colon + 1));
      if (!host.isEmpty() && port >= 1 && port <= 65_535) {
        return SocketAddress.inetSocketAddress(port, host);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "an address is host:port with a port in [1, 65535], was '" + address + "'", e);
    }
    throw new IllegalArgumentException(
        "an address is host:port with a port in [1, 65535], was '" + address + "'");
  }
}
