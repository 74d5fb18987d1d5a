package dev.ostrakon.node.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections to a guarded port, with limits of some hundred milliseconds. */
class ConnectionGuardTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final GuardedTransport transport = new GuardedTransport();
  private final Vertx vertx = Vertx.builder().withTransport(transport).build();
  private final int port = FreePorts.find(1).get(0);
  private final NetClient net = vertx.createNetClient();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("nothing came within " + LIMIT, e);
    }
  }

  private ConnectionGate listen(ConnectionLimits limits) {
    ConnectionGate gate = new ConnectionGate(limits);
    transport.guard(port, gate);
    await(
        vertx
            .createHttpServer(new HttpServerOptions().setPort(port).setHost("127.0.0.1"))
            .requestHandler(request -> request.response().end("served"))
            .listen());
    return gate;
  }

  private static ConnectionLimits limits(int max, int perAddress, int settleMillis) {
    return new ConnectionLimits(
        max, perAddress, settleMillis, ConnectionLimits.Settles.HTTP2, 100, 500);
  }

  /** Hazard: all happens on one loop, or else a close could come before its handler is set. */
  private NetSocket connect(AtomicInteger closed) {
    Promise<NetSocket> connected = Promise.promise();
    vertx.runOnContext(
        now ->
            net.connect(port, "127.0.0.1")
                .map(socket -> socket.closeHandler(end -> closed.incrementAndGet()))
                .onComplete(connected));
    return await(connected.future());
  }

  @Test
  void connections_beyond_the_bound_are_closed_at_once_and_others_served() {
    ConnectionGate gate = listen(limits(100, 10, 60_000));
    AtomicInteger closed = new AtomicInteger();
    List<NetSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      sockets.add(connect(closed));
    }
    Awaitility.await().atMost(LIMIT).until(() -> closed.get() == 5);
    assertThat(gate.count()).isEqualTo(10);
    assertThat(gate.refusedCount()).isEqualTo(5);
    sockets.forEach(NetSocket::close);
    Awaitility.await().atMost(LIMIT).until(() -> gate.count() == 0);
    assertThat(get(http())).isEqualTo("served");
  }

  @Test
  void a_connection_without_a_handshake_is_closed() {
    ConnectionGate gate = listen(limits(100, 100, 300));
    AtomicInteger closed = new AtomicInteger();
    connect(closed);
    NetSocket begun = connect(closed);
    begun.write("PRI * HT");
    NetSocket old = connect(closed);
    old.write("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
    Awaitility.await().atMost(LIMIT).until(() -> closed.get() == 3);
    assertThat(gate.unsettledCount()).isEqualTo(3);
    assertThat(gate.count()).isZero();
  }

  @Test
  void a_connection_that_answers_pings_stays_and_one_that_does_not_is_closed() {
    ConnectionGate gate = listen(limits(100, 100, 200));
    HttpClient http = http();
    assertThat(get(http)).isEqualTo("served");
    AtomicInteger closed = new AtomicInteger();
    NetSocket deaf = connect(closed);
    // A preface and empty settings, and then nothing: not even answers to pings.
    deaf.write(
        Buffer.buffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .appendBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}));
    Awaitility.await().atMost(LIMIT).until(() -> closed.get() == 1);
    assertThat(gate.silentCount()).isEqualTo(1);
    assertThat(gate.count()).as("the client's connection is still there").isEqualTo(1);
    assertThat(get(http)).isEqualTo("served");
  }

  @Test
  void file_descriptors_are_left_to_the_node() {
    ConnectionLimits wanted = ConnectionLimits.ofServer(16_384, 4_096);
    assertThat(wanted.within(1 << 20)).isEqualTo(wanted);
    assertThat(wanted.within(4_096).connectionsMax()).isEqualTo(4_096 - 512);
    assertThat(wanted.within(700).connectionsMax()).isEqualTo(350);
    assertThat(wanted.within(700).perAddressMax()).isEqualTo(350);
  }

  private HttpClient http() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));
  }

  private String get(HttpClient http) {
    return await(
            http.request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(request -> request.send().compose(HttpClientResponse::body)))
        .toString();
  }
}
