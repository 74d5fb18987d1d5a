package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.CompareAndSetRequest;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.DeleteRequest;
import dev.ostrakon.protocol.v1.Error;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.GroupNodes;
import dev.ostrakon.protocol.v1.IncrementRequest;
import dev.ostrakon.protocol.v1.JoinRequest;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.MoveRequest;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import dev.ostrakon.protocol.v1.ScanRange;
import dev.ostrakon.protocol.v1.ScanRequest;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import dev.ostrakon.protocol.v1.SessionWelcome;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.protocol.v1.StatusGrpcClient;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.StatusResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one healthy cluster does for clients and operators, and what bad input does to it. */
class OstrakonClusterIT {
  private static final Vertx VERTX = Vertx.vertx();

  private static EmbeddedCluster cluster;
  private static KvClientOfTests client;

  @BeforeAll
  static void startCluster() {
    cluster =
        EmbeddedCluster.start(EmbeddedOptions.DEFAULTS.withAdminEndpoints().withEventLoops(2));
    client = new KvClientOfTests(VERTX, cluster.addresses());
    awaitSpreadLeaders();
  }

  /**
   * In its first moments a cluster hands leaderships over; who asks meanwhile is sent elsewhere.
   */
  private static void awaitSpreadLeaders() {
    Awaits.untilAsserted(
        () -> {
          for (int group = 1; group <= 3; group++) {
            assertThat(cluster.leaderOf(new GroupId(group))).hasValue(group - 1);
          }
        });
  }

  @AfterAll
  static void stopCluster() {
    client.close();
    cluster.close();
    Awaits.await(VERTX.close());
  }

  private static Configuration configuration() {
    ConfigurationResponse response =
        Awaits.await(
            shards(0).query(QueryRequest.newBuilder().setNumber(-1).setMayBeStale(true).build()));
    try {
      return ShardsCodec.decode(response).configuration();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static ShardsGrpcClient shards(int node) {
    return ShardsGrpcClient.create(client.grpc(), socket(node));
  }

  private static SocketAddress socket(int node) {
    return KvClientOfTests.socket(cluster.addresses().get(node));
  }

  /** A key that the given group owns. */
  private static String keyOf(long group, String prefix) {
    Configuration configuration = configuration();
    return KvClientOfTests.keyOf(
        key -> configuration.ownerOf(configuration.slots().of(key)).number(), prefix, group);
  }

  private static SessionOfTests session(int node) {
    SessionOfTests session = SessionOfTests.open(VERTX, client.at(node), SessionOfTests.hello());
    assertThat(session.welcome().hasError()).isFalse();
    return session;
  }

  @Test
  void a_key_that_was_put_is_read_again_whoever_is_asked_first() {
    for (int i = 0; i < 20; i++) {
      assertThat(client.put("key" + i, "value" + i).getHeader().hasError()).isFalse();
      assertThat(client.get("key" + i).getValue().toStringUtf8()).isEqualTo("value" + i);
    }
    assertThat(client.get("missing").getFound()).isFalse();
  }

  private static RequestHeader header() {
    return RequestHeader.newBuilder().setTimeoutMillis(20_000).build();
  }

  /** Whoever is asked: behind a balancer a caller cannot choose. */
  @Test
  void D3_every_unary_call_is_passed_on_to_the_leader() {
    ByteString key = ByteString.copyFromUtf8(keyOf(1, "forwarded"));
    ByteString number = ByteString.copyFromUtf8(keyOf(1, "forwarded-number"));
    for (int node = 0; node < 3; node++) {
      KvGrpcClient kv = client.at(node);
      ByteString value = ByteString.copyFromUtf8("value " + node);
      Awaits.untilAsserted(
          () -> done(kv.put(putOf(key, value)), r -> r.getHeader())); // While leaders move.
      GetResponse got =
          done(
              kv.get(GetRequest.newBuilder().setHeader(header()).setKey(key).build()),
              r -> r.getHeader());
      assertThat(got.getValue()).isEqualTo(value);
      done(
          kv.append(
              AppendRequest.newBuilder().setHeader(header()).setKey(key).setValue(value).build()),
          r -> r.getHeader());
      assertThat(
              done(
                      kv.compareAndSet(
                          CompareAndSetRequest.newBuilder()
                              .setHeader(header())
                              .setKey(key)
                              .setExpectedValue(value.concat(value))
                              .setValue(value)
                              .build()),
                      r -> r.getHeader())
                  .getSwapped())
          .isTrue();
      assertThat(
              done(
                      kv.increment(
                          IncrementRequest.newBuilder()
                              .setHeader(header())
                              .setKey(number)
                              .setDelta(1)
                              .build()),
                      r -> r.getHeader())
                  .getValue())
          .isEqualTo(node + 1L);
      assertThat(
              done(
                      kv.scan(
                          ScanRequest.newBuilder()
                              .setHeader(header())
                              .setRange(ScanRange.newBuilder().setGroup(1).setLimit(1_000))
                              .build()),
                      r -> r.getHeader())
                  .getPage()
                  .getEntriesList())
          .anyMatch(entry -> entry.getKey().equals(key));
      done(
          kv.delete(DeleteRequest.newBuilder().setHeader(header()).setKey(key).build()),
          r -> r.getHeader());
    }
  }

  /** The id of the caller goes along, so a call that is sent to all nodes is done once. */
  @Test
  void D3_a_call_that_is_passed_on_is_done_once_however_often_it_is_sent() {
    String key = keyOf(1, "once");
    long issuedAt = client.get(key).getHeader().getTimestamp();
    RequestHeader named =
        header().toBuilder()
            .setClientHigh(7)
            .setClientLow(77)
            .setSequence(1)
            .setIssuedAt(issuedAt)
            .build();
    IncrementRequest increment =
        IncrementRequest.newBuilder()
            .setHeader(named)
            .setKey(ByteString.copyFromUtf8(key))
            .setDelta(1)
            .build();
    for (int node = 0; node < 3; node++) {
      KvGrpcClient kv = client.at(node);
      Awaits.untilAsserted(
          () ->
              assertThat(done(kv.increment(increment), r -> r.getHeader()).getValue())
                  .isEqualTo(1L));
    }
  }

  @Test
  void D3_a_scan_of_a_group_that_does_not_exist_is_invalid() {
    ScanRequest scan =
        ScanRequest.newBuilder()
            .setHeader(header())
            .setRange(ScanRange.newBuilder().setGroup(77).setLimit(10))
            .build();
    for (int node = 0; node < 3; node++) {
      var error = Awaits.await(client.at(node).scan(scan)).getHeader().getError();
      assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID);
      assertThat(error.getMessage()).contains("77");
    }
  }

  private static PutRequest putOf(ByteString key, ByteString value) {
    return PutRequest.newBuilder().setHeader(header()).setKey(key).setValue(value).build();
  }

  private static <T> T done(Future<T> answer, Function<T, ResponseHeader> headerOf) {
    T response = Awaits.await(answer);
    assertThat(headerOf.apply(response).getError().getMessage()).isEmpty();
    return response;
  }

  @Test
  void a_node_that_does_not_lead_a_group_names_the_one_that_does() {
    String key = keyOf(1, "hinted");
    int leader = cluster.awaitLeaderOf(new GroupId(1));
    PutRequest put =
        PutRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setForwarded(true))
            .setKey(ByteString.copyFromUtf8(key))
            .build();
    Awaits.untilAsserted(
        () -> {
          int other = (cluster.leaderOf(new GroupId(1)).orElse(leader) + 1) % 3;
          var error = Awaits.await(client.at(other).put(put)).getHeader().getError();
          assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
          assertThat(cluster.addresses()).contains(error.getLeader().getAddress());
        });
  }

  @Test
  void leaders_are_spread_over_the_nodes_and_the_status_shows_it() {
    awaitSpreadLeaders();
    NodeStatus status = Awaits.await(cluster.node(0).status());
    assertThat(status.replicas()).hasSize(4);
    assertThat(status.peers()).allMatch(NodeStatus.Peer::connected);
    var served =
        Awaits.await(
            StatusGrpcClient.create(client.grpc(), socket(1))
                .get(StatusRequest.getDefaultInstance()));
    assertThat(served.getNode().getNodeId()).isEqualTo("n2");
    assertThat(served.getNode().getReplicasCount()).isEqualTo(4);
  }

  @Test
  void many_requests_of_one_frame_are_all_answered_once() {
    int node = cluster.awaitLeaderOf(new GroupId(2));
    String key = keyOf(2, "many");
    SessionOfTests session = session(node);
    List<SessionRequest> requests = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      requests.add(SessionOfTests.put(i, session.timestamp(), key, "v" + i).build());
    }
    List<Future<SessionAnswer>> answers = session.send(session.timestamp(), requests);
    long committed =
        answers.stream().map(Awaits::await).filter(SessionAnswer::hasCommitted).count();
    assertThat(committed).isEqualTo(500);
    SessionAnswer again = session.send(requests.get(7));
    assertThat(again.getCommitted().getTimestamp())
        .as("a retry gets the first answer")
        .isEqualTo(Awaits.await(answers.get(7)).getCommitted().getTimestamp());
    session.end();
    Awaits.await(session.ended());
  }

  @Test
  void what_exceeds_the_window_of_a_session_is_refused_as_overloaded() {
    int node = cluster.awaitLeaderOf(new GroupId(2));
    String key = keyOf(2, "window");
    SessionOfTests session = session(node);
    int window = session.welcome().getWindow();
    List<SessionRequest> requests = new ArrayList<>();
    for (int i = 1; i <= window + 10; i++) {
      requests.add(SessionOfTests.put(i, session.timestamp(), key, "v").build());
    }
    List<Future<SessionAnswer>> answers = session.send(session.timestamp(), requests);
    for (Future<SessionAnswer> refused : answers.subList(window, window + 10)) {
      var error = Awaits.await(refused).getError();
      assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
      assertThat(error.getRetryAfter().getMillis()).isPositive();
    }
    answers.forEach(Awaits::await);
    session.end();
  }

  @Test
  void a_clock_that_is_too_far_ahead_and_a_request_without_sense_get_typed_errors() {
    int node = cluster.awaitLeaderOf(new GroupId(2));
    String key = keyOf(2, "odd");
    SessionOfTests session = session(node);
    long tomorrow = session.timestamp() + (86_400_000L << 16);
    SessionAnswer skewed =
        Awaits.await(
            session
                .send(tomorrow, List.of(SessionOfTests.put(1, tomorrow, key, "v").build()))
                .get(0));
    assertThat(skewed.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_CLOCK_SKEW);
    assertThat(skewed.getError().getClockSkew().getOffsetMillis()).isGreaterThan(80_000_000);
    SessionAnswer senseless = session.send(SessionRequest.newBuilder().setCorrelation(2).build());
    assertThat(senseless.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID);
    SessionAnswer unknownFields =
        session.send(
            SessionOfTests.put(3, session.timestamp(), key, "v")
                .setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build());
    assertThat(unknownFields.hasCommitted()).isTrue();
    session.end();
  }

  @Test
  void a_hello_of_another_cluster_or_version_is_refused_with_a_reason() {
    SessionWelcome foreign =
        SessionOfTests.open(
                VERTX, client.at(0), SessionOfTests.hello().setClusterId("some other cluster"))
            .welcome();
    assertThat(foreign.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_WRONG_CLUSTER);
    SessionOfTests newer =
        SessionOfTests.open(VERTX, client.at(0), SessionOfTests.hello().setWireMajor(99));
    assertThat(newer.welcome().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_WIRE_FORMAT);
    Awaits.await(newer.ended());
  }

  @Test
  void a_call_that_expects_another_cluster_is_refused_by_every_service() {
    RequestHeader foreign = RequestHeader.newBuilder().setClusterId("elsewhere").build();
    StatusGrpcClient status =
        StatusGrpcClient.create(client.grpc(), KvClientOfTests.socket(cluster.addresses().get(0)));
    List<Future<ResponseHeader>> answers =
        List.of(
            client
                .at(0)
                .get(
                    GetRequest.newBuilder()
                        .setHeader(foreign)
                        .setKey(ByteString.copyFromUtf8("k"))
                        .build())
                .map(GetResponse::getHeader),
            shards(0)
                .query(QueryRequest.newBuilder().setHeader(foreign).setNumber(-1).build())
                .map(ConfigurationResponse::getHeader),
            shards(0)
                .join(
                    JoinRequest.newBuilder()
                        .setHeader(foreign)
                        .addGroups(GroupNodes.newBuilder().setGroup(9).addNodeIds("theirs"))
                        .build())
                .map(ConfigurationResponse::getHeader),
            shards(0)
                .move(MoveRequest.newBuilder().setHeader(foreign).setGroup(2).build())
                .map(ConfigurationResponse::getHeader),
            status
                .get(StatusRequest.newBuilder().setHeader(foreign).build())
                .map(StatusResponse::getHeader));
    for (Future<ResponseHeader> answer : answers) {
      Error error = Awaits.await(answer).getError();
      assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_WRONG_CLUSTER);
      assertThat(error.getMessage()).contains("'ostrakon'", "'elsewhere'");
    }
  }

  @Test
  void garbage_and_oversized_messages_end_their_stream_and_nothing_else() {
    ServiceMethod<Buffer, Buffer> raw =
        ServiceMethod.client(
            ServiceName.create("ostrakon.v1", "Kv"),
            "Put",
            GrpcMessageEncoder.IDENTITY,
            GrpcMessageDecoder.IDENTITY);
    for (Buffer bad :
        List.of(Buffer.buffer("\u0001 no protobuf"), Buffer.buffer(new byte[40 << 20]))) {
      Future<Buffer> answer =
          client
              .grpc()
              .request(socket(0), raw)
              .compose(request -> request.send(bad).compose(response -> response.last()));
      Awaits.awaitEnd(answer);
      assertThat(answer.failed()).isTrue();
    }
    NetClient net = VERTX.createNetClient();
    var socket = Awaits.await(net.connect(socket(0)));
    Awaits.await(socket.write("GET / HTTP/1.1\r\n\r\n" + "x".repeat(100_000)));
    socket.close();
    assertThat(client.put("after", "garbage").getHeader().hasError()).isFalse();
  }

  @Test
  void a_key_beyond_the_limit_is_refused_with_the_limit() {
    String huge = keyOf(1, "k".repeat(2_000));
    var error = client.put(huge, "v").getHeader().getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
    var empty =
        Awaits.await(client.at(0).get(GetRequest.getDefaultInstance())).getHeader().getError();
    assertThat(empty.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID);
  }

  @Test
  void the_controller_answers_every_number_and_refuses_to_move_slots() {
    Configuration newest = configuration();
    assertThat(newest.number()).isEqualTo(1);
    assertThat(newest.slotCounts().values()).allMatch(count -> count >= 85);
    ConfigurationResponse first =
        Awaits.await(shards(2).query(QueryRequest.newBuilder().setNumber(0).build()));
    assertThat(first.getConfiguration().getGroupsCount()).isZero();
    assertThat(first.getNodesCount()).isEqualTo(3);
    ConfigurationResponse beyond =
        Awaits.await(shards(1).query(QueryRequest.newBuilder().setNumber(9).build()));
    assertThat(beyond.getHeader().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_UNKNOWN_CONFIGURATION);
    long owner = newest.ownerOf(newest.slots().of(Key.utf8("x"))).number();
    MoveRequest move =
        MoveRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setTimeoutMillis(5_000))
            .setSlot(newest.slots().of(Key.utf8("x")).number())
            .setGroup(owner % 3 + 1)
            .build();
    int leader = cluster.awaitLeaderOf(GroupId.CONTROLLER);
    for (int node : List.of(leader, (leader + 1) % 3, (leader + 2) % 3)) {
      ConfigurationResponse moved = Awaits.await(shards(node).move(move));
      assertThat(moved.getHeader().getError().getCode())
          .as("asked node %d, leader %d", node, leader)
          .isEqualTo(ErrorCode.ERROR_CODE_UNSUPPORTED);
    }
    MoveRequest passedOn =
        move.toBuilder().setHeader(move.getHeader().toBuilder().setForwarded(true)).build();
    ConfigurationResponse elsewhere = Awaits.await(shards((leader + 1) % 3).move(passedOn));
    assertThat(elsewhere.getHeader().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(elsewhere.getHeader().getError().getLeader().getAddress())
        .isEqualTo(cluster.addresses().get(leader));
  }

  @Test
  void health_and_reflection_answer_as_the_standards_say() {
    ServiceMethod<HealthCheckResponse, HealthCheckRequest> check =
        ServiceMethod.client(
            ServiceName.create("grpc.health.v1", "Health"),
            "Check",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(HealthCheckResponse.newBuilder()));
    for (String service : List.of("", "ostrakon.v1.Kv", "ostrakon.v1.Status")) {
      HealthCheckResponse health =
          Awaits.await(
              client
                  .grpc()
                  .request(socket(0), check)
                  .compose(
                      request ->
                          request
                              .send(HealthCheckRequest.newBuilder().setService(service).build())
                              .compose(response -> response.last())));
      assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }
    for (String version : List.of("grpc.reflection.v1", "grpc.reflection.v1alpha")) {
      assertThat(
              reflect(version, ServerReflectionRequest.newBuilder().setListServices(""))
                  .getListServicesResponse()
                  .getServiceList())
          .as(version)
          .extracting(ServiceResponse::getName)
          .contains("ostrakon.v1.Kv", "ostrakon.v1.Shards", "ostrakon.v1.Status");
      assertThat(
              reflect(
                      version,
                      ServerReflectionRequest.newBuilder()
                          .setFileContainingSymbol("ostrakon.v1.Kv"))
                  .getFileDescriptorResponse()
                  .getFileDescriptorProtoCount())
          .as(version)
          .isPositive();
    }
  }

  private static ServerReflectionResponse reflect(
      String version, ServerReflectionRequest.Builder question) {
    ServiceMethod<ServerReflectionResponse, ServerReflectionRequest> method =
        ServiceMethod.client(
            ServiceName.create(version, "ServerReflection"),
            "ServerReflectionInfo",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(ServerReflectionResponse.newBuilder()));
    return Awaits.await(
        client
            .grpc()
            .request(socket(0), method)
            .compose(
                request -> request.send(question.build()).compose(response -> response.last())));
  }

  @Test
  void the_admin_endpoint_tells_health_metrics_and_status() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    assertThat(fetch(http, "/health/live")).isEqualTo("200 ok\n");
    Awaits.untilAsserted(() -> assertThat(fetch(http, "/health/ready")).isEqualTo("200 ok\n"));
    assertThat(fetch(http, "/nothing")).startsWith("404 expected /health/live");
    assertThat(fetch(http, "/metrics"))
        .contains("# TYPE ostrakon_requests_total counter")
        .contains("ostrakon_raft_term{group=\"3\"}")
        .contains("# TYPE ostrakon_log_commit_seconds histogram")
        .containsPattern("ostrakon_log_commit_seconds_bucket\\{le=\"\\+Inf\"\\} [1-9]")
        .containsPattern("ostrakon_log_commit_seconds_count [1-9]");
    JsonObject status = new JsonObject(fetch(http, "/status").substring(4));
    assertThat(status.getString("node")).isEqualTo("n1");
    assertThat(status.getJsonArray("replicas")).hasSize(4);
  }

  private static String fetch(HttpClient http, String path) throws Exception {
    URI uri = URI.create("http://" + cluster.adminAddresses().get(0) + path);
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(uri).timeout(Awaits.LIMIT).build(), BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
