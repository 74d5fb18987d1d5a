package dev.ostrakon.client;

import dev.ostrakon.protocol.WireFormat;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes connections. */
final class Connector {
  private static final int STREAM_WINDOW_BYTES = 1 << 20; // 1 MiB
  private static final int CONNECTION_WINDOW_BYTES = 2 << 20; // 2 MiB

  /** Answers may be larger than requests: a transaction reads many values. */
  private static final long MESSAGE_BYTES_MAX = 16L * WireFormat.FRAME_BYTES_MAX;

  private static final int HOST_LENGTH_MAX = 253;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");

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

  /**
   * A Vert.x with one event loop. Its threads do not keep the JVM alive: a program whose {@code
   * main} ends without closing the client ends. Vert.x finds its parts by the context class loader,
   * once for the JVM: where there is none, ours stands in.
   */
  static Vertx newVertx() {
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    if (before == null) {
      caller.setContextClassLoader(Connector.class.getClassLoader());
    }
    try {
      return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    } finally {
      if (before == null) {
        caller.setContextClassLoader(null);
      }
    }
  }

  /** A gRPC client with connections of its own. */
  GrpcClient newClient() {
    return GrpcClient.client(
        vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), options);
  }

  /**
   * The address that a user wrote, or a node told. The brackets of an IPv6 address stay: without
   * them the request's authority would be malformed.
   *
   * @throws IllegalArgumentException if it is not {@code host:port}
   */
  static SocketAddress socketAddress(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 1 ? "" : address.substring(0, colon);
    int port = portOf(address.substring(colon + 1));
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    if (port < 1 || !(isBracketed ? isIpv6(host) : isName(host))) {
      throw new IllegalArgumentException(
          "an address is host:port with a port in [1, 65535], IPv6 in brackets as in [::1]:7101,"
              + " was '"
              + address
              + "'");
    }
    return SocketAddress.inetSocketAddress(port, host);
  }

  /** The port; 0 if it is none. */
  private static int portOf(String text) {
    if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    int port = Integer.parseInt(text);
    return port > 65_535 ? 0 : port;
  }

  /** In brackets nothing is looked up: it is an IPv6 address or an error. */
  private static boolean isIpv6(String bracketed) {
    try {
      return bracketed.indexOf(':') > 0 && InetAddress.getByName(bracketed) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isName(String host) {
    return !host.isEmpty()
        && host.length() <= HOST_LENGTH_MAX
        && NAME.matcher(host).matches()
        && (!NUMBERS.matcher(host).matches() || IPV4.matcher(host).matches());
  }
}
