package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.ScanRange;
import dev.ostrakon.protocol.v1.SessionRequest;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What callers do to a node in a process with a heap of 256 MiB that mean it ill, or are broken: it
 * goes on, serves others, and keeps nothing. The process ends with its first OutOfMemoryError.
 */
class HostileCallersIT {
  private static final String SESSION = "/ostrakon.v1.Kv/Session";
  private static final String PUT = "/ostrakon.v1.Kv/Put";
  private static final int MIB = 1 << 20;
  private static final int FRAME_BYTES_MAX = 16 * MIB;
  private static final int INVALID_ARGUMENT = 3;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir static Path folder;
  private static OstrakonProcess node;
  private static KvClientOfTests client;

  private final List<HttpClient> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    node = OstrakonProcess.start(folder, List.of("session-window=1024"));
    client = new KvClientOfTests(VERTX, List.of(node.address()));
  }

  @AfterAll
  static void stop() {
    client.close();
    node.close();
    Awaits.await(VERTX.close());
  }

  /** After each test the node is alive, serves, and has released what calls held. */
  @AfterEach
  void the_node_lives_and_holds_nothing() {
    clients.forEach(http -> Awaits.await(http.close()));
    assertThat(node.isAlive()).as(() -> node.log()).isTrue();
    assertThat(client.put("alive", "yes").getHeader().hasError()).isFalse();
    Awaits.untilAsserted(
        () -> {
          assertThat(node.metric("sessions")).isZero();
          assertThat(node.metric("participant_sessions")).isZero();
          assertThat(node.metric("calls")).isZero();
          assertThat(node.metric("unfinished_message_bytes")).isZero();
          assertThat(node.metric("unsent_answer_bytes")).isZero();
          assertThat(node.metric("requests_waiting")).isZero();
        });
  }

  private HttpClient connection() {
    HttpClient http = RawCall.client(VERTX);
    clients.add(http);
    return http;
  }

  private RawCall begin(String path) {
    return RawCall.begin(VERTX, connection(), node.address(), path);
  }

  private RawCall begin(HttpClient http, String path) {
    return RawCall.begin(VERTX, http, node.address(), path);
  }

  private static Buffer put(String key, int bytes) {
    return RawCall.framed(
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFrom(new byte[bytes]))
            .build());
  }

  private static Buffer hello() {
    return RawCall.framed(ClientFrame.newBuilder().setHello(SessionOfTests.hello()).build());
  }

  /** A session that has been welcomed. */
  private RawCall session(HttpClient http) {
    RawCall call = begin(http, SESSION).write(hello());
    Awaits.untilAsserted(() -> assertThat(call.receivedBytes()).isPositive());
    return call;
  }

  @Test
  void compressed_messages_are_refused_before_they_are_expanded() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 64; i++) {
        gzip.write(new byte[MIB]);
      }
    }
    Buffer message = RawCall.prefix(1, bomb.size()).appendBytes(bomb.toByteArray());
    for (String encoding : List.of("gzip", "br", "")) {
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      if (!encoding.isEmpty()) {
        headers.add("grpc-encoding", encoding);
      }
      for (String path : List.of(PUT, SESSION, "/ostrakon.v1.Peers/Exchange")) {
        RawCall call = RawCall.begin(VERTX, connection(), node.address(), path, headers);
        RawCall.Outcome outcome = Awaits.await(call.write(message).end().outcome());
        assertThat(outcome.grpc()).as("%s to %s", encoding, path).isEqualTo(UNIMPLEMENTED);
        assertThat(outcome.message()).contains("identity");
      }
    }
  }

  @Test
  void what_is_no_message_is_refused_with_a_reason() {
    RawCall.Outcome garbage =
        Awaits.await(begin(PUT).write(RawCall.prefix(0, 5).appendString("\u0001abcd")).outcome());
    assertThat(garbage.grpc()).isEqualTo(INVALID_ARGUMENT);
    assertThat(garbage.message()).contains("PutRequest");
    RawCall.Outcome huge =
        Awaits.await(begin(PUT).write(RawCall.prefix(0, 0).setInt(1, 40 * MIB)).outcome());
    assertThat(huge.grpc()).isEqualTo(RESOURCE_EXHAUSTED);
    assertThat(huge.message()).contains("frame-bytes-max", "16777216", "41943040");
    RawCall.Outcome cut = Awaits.await(begin(PUT).write(put("k", 10).slice(0, 12)).end().outcome());
    assertThat(cut.grpc()).isEqualTo(INVALID_ARGUMENT);
    assertThat(cut.message()).contains("ended within a message");
    RawCall.Outcome none = Awaits.await(begin(PUT).end().outcome());
    assertThat(none.grpc()).isEqualTo(INVALID_ARGUMENT);
    RawCall.Outcome unknown = Awaits.await(begin("/ostrakon.v1.Kv/Nothing").end().outcome());
    assertThat(unknown.grpc()).isEqualTo(UNIMPLEMENTED);
    RawCall.Outcome session =
        Awaits.await(
            begin(SESSION)
                .write(hello())
                .write(RawCall.prefix(0, 5).appendString("\u0001abcd"))
                .outcome());
    assertThat(session.grpc()).isEqualTo(INVALID_ARGUMENT);
  }

  @Test
  void oversized_headers_end_their_stream_or_connection() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-large", "x".repeat(60_000));
    RawCall call = RawCall.begin(VERTX, connection(), node.address(), PUT, headers);
    Awaits.awaitEnd(call.outcome());
    call.outcome().onSuccess(outcome -> assertThat(outcome.http()).isGreaterThanOrEqualTo(400));
  }

  @Test
  void unfinished_messages_take_bounded_room_and_stop_nobody() {
    HttpClient http = connection();
    byte[] most = new byte[FRAME_BYTES_MAX - 1];
    for (int i = 0; i < 13; i++) {
      Buffer message = RawCall.prefix(0, 0).setInt(1, FRAME_BYTES_MAX).appendBytes(most);
      begin(http, i % 2 == 0 ? PUT : SESSION).write(message);
    }
    for (int i = 0; i < 13; i++) {
      begin(connection(), PUT).write(put("u" + i, MIB).slice(0, MIB));
    }
    for (int i = 0; i < 10; i++) {
      Buffer whole = put("whole" + i, 900_000);
      RawCall.Outcome outcome = Awaits.await(begin(PUT).write(whole).end().outcome());
      assertThat(outcome.grpc()).isZero();
    }
    assertThat(node.isAlive()).as(() -> node.log()).isTrue();
  }

  @Test
  void expanding_messages_are_refused_before_they_are_parsed() {
    byte[] empties = new byte[15 * MIB];
    for (int i = 0; i < empties.length; i += 2) {
      empties[i] = 0x22; // Field 4, of some bytes, namely none: requests of a frame.
    }
    for (String path : List.of(SESSION, "/ostrakon.v1.Kv/Transact")) {
      refusesElements(path, empties);
    }
    for (int i = 0; i < empties.length; i += 2) {
      empties[i] = 0x1a; // Field 3: calls of a coordinator, messages of a peer.
    }
    for (String path :
        List.of("/ostrakon.v1.Participants/Exchange", "/ostrakon.v1.Peers/Exchange")) {
      refusesElements(path, empties);
    }
    refusesElements("/ostrakon.v1.Shards/Join", new byte[900_000]);
  }

  private void refusesElements(String path, byte[] message) {
    if (message[0] == 0) {
      for (int i = 0; i < message.length; i += 2) {
        message[i] = 0x12;
      }
    }
    Buffer bytes = RawCall.prefix(0, message.length).appendBytes(message);
    RawCall.Outcome outcome = Awaits.await(begin(path).write(bytes).outcome());
    assertThat(outcome.grpc()).as(path).isEqualTo(RESOURCE_EXHAUSTED);
    assertThat(outcome.message()).contains("elements");
  }

  @Test
  void three_hundred_gets_of_a_large_value_in_one_frame_are_answered_in_frames_of_bounded_size()
      throws InvalidProtocolBufferException {
    client.put("large", "x".repeat(MIB));
    RawCall call = session(connection());
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    for (int i = 1; i <= 300; i++) {
      frame.addRequests(SessionOfTests.get(i, "large").setTimeoutMillis(60_000));
    }
    call.write(RawCall.framed(frame.build()));
    Awaits.untilAsserted(() -> assertThat(call.receivedBytes()).isGreaterThan(300L * MIB));
    assertThat(node.isAlive()).as(() -> node.log()).isTrue();
  }

  @Test
  void a_reader_that_does_not_read_stops_its_own_requests_and_nobody_elses() {
    for (int i = 0; i < 30; i++) {
      client.put("scanned" + i, "x".repeat(100_000));
    }
    client.put("large", "x".repeat(MIB));
    for (int i = 0; i < 8; i++) {
      RawCall call = session(connection()).stopReading();
      ClientFrame.Builder frame = ClientFrame.newBuilder();
      for (int j = 1; j <= 200; j++) {
        frame.addRequests(i % 2 == 0 ? scan(j) : SessionOfTests.get(j, "large").build());
      }
      call.write(RawCall.framed(frame.build()));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(client.get("scanned" + i).getValue().size()).isEqualTo(100_000);
    }
    assertThat(node.metric("unsent_answer_bytes")).isLessThan(40L * MIB);
  }

  private static SessionRequest scan(long correlation) {
    return SessionRequest.newBuilder()
        .setCorrelation(correlation)
        .setTimeoutMillis(60_000)
        .setScan(
            ScanRange.newBuilder()
                .setGroup(1)
                .setFrom(ByteString.copyFromUtf8("scanned"))
                .setLimit(1_000))
        .build();
  }

  @Test
  void streams_release_everything_however_they_end() {
    endStreams(30);
  }

  @Test
  @Tag("ci")
  void ten_thousand_streams_release_everything_however_they_end() {
    endStreams(10_000);
  }

  /** Ends as many streams in each way; what they held is checked after each test. */
  private void endStreams(int count) {
    List<String> paths =
        List.of(
            SESSION,
            "/ostrakon.v1.Participants/Exchange",
            "/ostrakon.v1.Peers/Exchange",
            "/grpc.health.v1.Health/Watch",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
    for (Ending ending : Ending.values()) {
      int done = 0;
      while (done < count) {
        HttpClient http = RawCall.client(VERTX);
        List<RawCall> calls = new ArrayList<>();
        for (int i = 0; i < 100 && done < count; i++) {
          calls.add(open(http, paths.get(done % paths.size())));
          done++;
        }
        calls.forEach(ending::end);
        if (ending == Ending.HALF_CLOSE) {
          calls.forEach(call -> call.reset(0)); // A watch goes on until then.
        }
        if (ending != Ending.CONNECTION_LOST) {
          calls.forEach(call -> Awaits.awaitEnd(call.outcome()));
        }
        Awaits.await(http.close());
      }
    }
  }

  private RawCall open(HttpClient http, String path) {
    RawCall call = begin(http, path);
    if (path.equals(SESSION)) {
      call.write(hello());
      Awaits.untilAsserted(() -> assertThat(call.receivedBytes()).isPositive());
    } else if (path.endsWith("Watch")) {
      call.write(RawCall.prefix(0, 0));
    }
    return call;
  }

  /** The ways in which a caller ends a stream. */
  private enum Ending {
    CANCEL,
    RESET,
    HALF_CLOSE,
    GARBAGE,
    CONNECTION_LOST;

    void end(RawCall call) {
      switch (this) {
        case CANCEL -> call.reset(8);
        case RESET -> call.reset(2);
        case HALF_CLOSE -> call.end();
        case GARBAGE -> call.write(RawCall.prefix(0, 5).appendString("\u0001abcd"));
        case CONNECTION_LOST -> {}
      }
    }
  }

  @Test
  void the_admin_port_takes_few_connections_and_one_request_on_each() {
    NetClient net = VERTX.createNetClient();
    List<NetSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      Future<NetSocket> connected = net.connect(node.adminPort(), "127.0.0.1");
      Awaits.awaitEnd(connected);
      if (connected.succeeded()) {
        sockets.add(connected.result());
      }
    }
    sockets.forEach(NetSocket::close);
    Awaits.await(net.close());
    Awaits.untilAsserted(() -> assertThat(answersHealth()).isTrue());
  }

  private static boolean answersHealth() {
    try {
      return node.get("/health/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
