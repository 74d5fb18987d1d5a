package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.node.settings.ServingSettings;
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.CompareAndSetRequest;
import dev.ostrakon.protocol.v1.CompareAndSetResponse;
import dev.ostrakon.protocol.v1.DeleteRequest;
import dev.ostrakon.protocol.v1.Error;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.IncrementRequest;
import dev.ostrakon.protocol.v1.IncrementResponse;
import dev.ostrakon.protocol.v1.OutcomeQuestion;
import dev.ostrakon.protocol.v1.OutcomeReport;
import dev.ostrakon.protocol.v1.OutcomeRequest;
import dev.ostrakon.protocol.v1.OutcomeResponse;
import dev.ostrakon.protocol.v1.OutcomeState;
import dev.ostrakon.protocol.v1.ParticipantAnswers;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RefusalCode;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ScanEntry;
import dev.ostrakon.protocol.v1.ScanPage;
import dev.ostrakon.protocol.v1.ScanRange;
import dev.ostrakon.protocol.v1.ScanRequest;
import dev.ostrakon.protocol.v1.ScanResponse;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.SessionWelcome;
import dev.ostrakon.protocol.v1.StatusGrpcClient;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.WriteResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The unary calls of one node, their errors, and the bounds of a node that is given small ones. */
class OstrakonServiceIT {
  private static final int GRPC_PREFIX_BYTES = 5;
  private static final int REQUESTS_MAX = 4;
  private static final int SESSIONS_MAX = 3;
  private static final ServingSettings SMALL =
      ServingSettings.DEFAULTS
          .withRequests(new ServingSettings.Requests(REQUESTS_MAX, REQUESTS_MAX))
          .withSessions(new ServingSettings.Sessions(SESSIONS_MAX, 400));
  private static final Vertx VERTX = Vertx.vertx();

  private static EmbeddedCluster cluster;
  private static KvClientOfTests client;

  @BeforeAll
  static void startCluster() {
    cluster =
        EmbeddedCluster.start(
            EmbeddedOptions.DEFAULTS.withNodes(1).withGroups(1).withServing(SMALL));
    client = new KvClientOfTests(VERTX, cluster.addresses());
  }

  @AfterAll
  static void stopCluster() {
    client.close();
    cluster.close();
    Awaits.await(VERTX.close());
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  private static String read(String key) {
    GetResponse response = client.get(key);
    return response.getFound() ? response.getValue().toStringUtf8() : "(none)";
  }

  @Test
  void values_are_put_appended_to_deleted_and_read() {
    assertThat(read("u")).isEqualTo("(none)");
    WriteResponse written = Awaits.await(client.at(0).put(put("u", "a")));
    assertThat(client.get("u").getVersion()).isEqualTo(written.getVersion());
    AppendRequest append =
        AppendRequest.newBuilder().setKey(bytes("u")).setValue(bytes("b")).build();
    WriteResponse appended = Awaits.await(client.at(0).append(append));
    assertThat(appended.getVersion()).isGreaterThan(written.getVersion());
    assertThat(read("u")).isEqualTo("ab");
    DeleteRequest delete = DeleteRequest.newBuilder().setKey(bytes("u")).build();
    Awaits.await(client.at(0).delete(delete));
    assertThat(Awaits.await(client.at(0).delete(delete)).getHeader().hasError()).isFalse();
    assertThat(read("u")).isEqualTo("(none)");
    Awaits.await(client.at(0).append(append));
    assertThat(read("u")).isEqualTo("b");
  }

  @Test
  void compare_and_set_swaps_what_is_as_expected_and_nothing_else() {
    CompareAndSetRequest.Builder swap = CompareAndSetRequest.newBuilder().setKey(bytes("c"));
    assertThat(swaps(swap.setExpectedValue(bytes("x")).setValue(bytes("y")))).isFalse();
    assertThat(swaps(swap.setExpectedMissing(true).setValue(bytes("x")))).isTrue();
    assertThat(swaps(swap.setExpectedMissing(true).setValue(bytes("y")))).isFalse();
    assertThat(swaps(swap.setExpectedValue(bytes("x")).setValue(bytes("y")))).isTrue();
    long version = client.get("c").getVersion();
    assertThat(swaps(swap.setExpectedVersion(version).setValue(bytes("z")))).isTrue();
    assertThat(swaps(swap.setExpectedVersion(version).setValue(bytes("w")))).isFalse();
    assertThat(read("c")).isEqualTo("z");
    CompareAndSetRequest open = CompareAndSetRequest.newBuilder().setKey(bytes("c")).build();
    Error error = Awaits.await(client.at(0).compareAndSet(open)).getHeader().getError();
    assertThat(error.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID);
    assertThat(error.getMessage()).contains("expected_missing");
  }

  private static boolean swaps(CompareAndSetRequest.Builder request) {
    CompareAndSetResponse response = Awaits.await(client.at(0).compareAndSet(request.build()));
    assertThat(response.getHeader().getError()).isEqualTo(Error.getDefaultInstance());
    return response.getSwapped();
  }

  @Test
  void increments_count_from_nothing_and_refuse_what_is_no_number() {
    IncrementRequest.Builder request = IncrementRequest.newBuilder().setKey(bytes("n"));
    assertThat(increment(request.setDelta(5)).getValue()).isEqualTo(5);
    assertThat(increment(request.setDelta(-7)).getValue()).isEqualTo(-2);
    assertThat(increment(request.setDelta(Long.MIN_VALUE)).getHeader().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NUMBER_OVERFLOW);
    client.put("n", "text");
    assertThat(increment(request.setDelta(1)).getHeader().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_A_NUMBER);
  }

  private static IncrementResponse increment(IncrementRequest.Builder request) {
    return Awaits.await(client.at(0).increment(request.build()));
  }

  @Test
  void a_scan_gives_pages_in_order() {
    for (int i = 0; i < 5; i++) {
      client.put("scan" + i, "v" + i);
    }
    ScanRange.Builder range =
        ScanRange.newBuilder().setGroup(1).setFrom(bytes("scan1")).setTo(bytes("scan4"));
    ScanPage whole = scan(range.setLimit(10)).getPage();
    assertThat(whole.getEntriesList())
        .extracting(entry -> entry.getKey().toStringUtf8())
        .containsExactly("scan1", "scan2", "scan3");
    assertThat(whole.getMore()).isFalse();
    ScanPage first = scan(range.setLimit(1)).getPage();
    assertThat(first.getEntriesList()).extracting(ScanEntry::getValue).containsExactly(bytes("v1"));
    assertThat(first.getMore()).isTrue();
    assertThat(scan(range.setLimit(0)).getHeader().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID);
  }

  private static ScanResponse scan(ScanRange.Builder range) {
    return Awaits.await(client.at(0).scan(ScanRequest.newBuilder().setRange(range).build()));
  }

  @Test
  void an_outcome_tells_what_happened_and_settles_what_did_not() {
    RequestHeader header = header(1);
    WriteResponse written =
        Awaits.await(client.at(0).put(put("o", "1").toBuilder().setHeader(header).build()));
    OutcomeReport done = outcome(header);
    assertThat(done.getState()).isEqualTo(OutcomeState.OUTCOME_STATE_COMMITTED);
    assertThat(done.getCommitted().getTimestamp()).isEqualTo(written.getVersion());
    RequestHeader never = header(2);
    assertThat(outcome(never).getState()).isEqualTo(OutcomeState.OUTCOME_STATE_NOT_COMMITTED);
    WriteResponse late =
        Awaits.await(client.at(0).put(put("o", "2").toBuilder().setHeader(never).build()));
    assertThat(late.getHeader().hasError()).isTrue();
    assertThat(read("o")).isEqualTo("1");
  }

  private static RequestHeader header(long sequence) {
    return RequestHeader.newBuilder()
        .setClientHigh(7)
        .setClientLow(7)
        .setSequence(sequence)
        .setIssuedAt(client.get("o").getHeader().getTimestamp())
        .build();
  }

  private static OutcomeReport outcome(RequestHeader header) {
    OutcomeQuestion question =
        OutcomeQuestion.newBuilder()
            .setClientHigh(header.getClientHigh())
            .setClientLow(header.getClientLow())
            .setSequence(header.getSequence())
            .setIssuedAt(header.getIssuedAt())
            .setGroup(1)
            .addKeys(bytes("o"))
            .build();
    OutcomeResponse response =
        Awaits.await(
            client.at(0).outcome(OutcomeRequest.newBuilder().setQuestion(question).build()));
    assertThat(response.getHeader().getError()).isEqualTo(Error.getDefaultInstance());
    return response.getReport();
  }

  @Test
  void bad_requests_get_typed_errors_and_unknown_fields_are_ignored() {
    RequestHeader foreign = RequestHeader.newBuilder().setClusterId("elsewhere").build();
    Error wrong = errorOf(put("k", "v").toBuilder().setHeader(foreign));
    assertThat(wrong.getCode()).isEqualTo(ErrorCode.ERROR_CODE_WRONG_CLUSTER);
    assertThat(wrong.getMessage()).contains("elsewhere").contains("ostrakon");
    Error large = errorOf(put("k", "v".repeat((1 << 20) + 1)).toBuilder());
    assertThat(large.getCode()).isEqualTo(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
    assertThat(large.getMessage()).contains("bytes of a value").contains("1048576", "1048577");
    Error keyless = errorOf(PutRequest.newBuilder().setValue(bytes("v")));
    assertThat(keyless.getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID);
    assertThat(keyless.getMessage()).contains("key");
    UnknownFieldSet news =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    assertThat(errorOf(put("k", "v").toBuilder().setUnknownFields(news)))
        .isEqualTo(Error.getDefaultInstance());
    assertThat(read("k")).isEqualTo("v");
  }

  private static Error errorOf(PutRequest.Builder request) {
    return Awaits.await(client.at(0).put(request.build())).getHeader().getError();
  }

  @Test
  void a_full_node_says_when_to_come_back_and_then_serves_again() {
    List<Future<WriteResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 50 * REQUESTS_MAX; i++) {
      answers.add(client.at(0).put(put("full" + i, "v")));
    }
    answers.forEach(Awaits::await);
    List<Error> errors =
        answers.stream()
            .map(answer -> answer.result().getHeader())
            .filter(header -> header.hasError())
            .map(header -> header.getError())
            .toList();
    assertThat(errors).isNotEmpty().hasSizeLessThan(answers.size());
    assertThat(errors)
        .allMatch(error -> error.getCode() == ErrorCode.ERROR_CODE_OVERLOADED)
        .allMatch(error -> error.getRetryAfter().getMillis() > 0);
    for (int i = 0; i < 2 * REQUESTS_MAX; i++) {
      assertThat(errorOf(put("again", "v").toBuilder())).isEqualTo(Error.getDefaultInstance());
    }
  }

  @Test
  void sessions_beyond_the_bound_are_refused_until_one_has_ended() {
    List<SessionOfTests> open = new ArrayList<>();
    Awaits.untilAsserted(
        () -> {
          SessionOfTests session = SessionOfTests.open(VERTX, client.at(0), SessionOfTests.hello());
          if (!session.welcome().hasError()) {
            open.add(session);
          }
          assertThat(open).hasSize(SESSIONS_MAX);
        });
    SessionOfTests refused = SessionOfTests.open(VERTX, client.at(0), SessionOfTests.hello());
    SessionWelcome welcome = refused.welcome();
    assertThat(welcome.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_OVERLOADED);
    assertThat(welcome.getError().getRetryAfter().getMillis()).isPositive();
    Awaits.await(refused.ended());
    open.get(0).end();
    Awaits.untilAsserted(
        () -> {
          SessionOfTests next = SessionOfTests.open(VERTX, client.at(0), SessionOfTests.hello());
          assertThat(next.welcome().hasError()).isFalse();
          next.end();
        });
    open.subList(1, open.size()).forEach(SessionOfTests::end);
  }

  @Test
  void a_stream_that_says_nothing_is_told_why_and_ended() throws Exception {
    ServerFrame toClient = silently("/ostrakon.v1.Kv/Session", ServerFrame.parser());
    assertThat(toClient.getWelcome().getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED);
    assertThat(toClient.getWelcome().getError().getMessage()).contains("400 ms");
    ParticipantAnswers toNode =
        silently("/ostrakon.v1.Participants/Exchange", ParticipantAnswers.parser());
    assertThat(toNode.getRefusal().getCode()).isEqualTo(RefusalCode.REFUSAL_CODE_MALFORMED);
    assertThat(toNode.getRefusal().getDetail()).contains("no hello");
  }

  /** Opens a stream, sends nothing on it, and waits until the node has ended it. */
  private static <T> T silently(String path, Parser<T> parser)
      throws InvalidProtocolBufferException {
    HttpClient http =
        VERTX.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    RequestOptions options =
        new RequestOptions()
            .setServer(KvClientOfTests.socket(cluster.addresses().get(0)))
            .setMethod(HttpMethod.POST)
            .setURI(path)
            .putHeader("content-type", "application/grpc");
    Buffer body =
        Awaits.await(
            http.request(options)
                .compose(
                    request -> {
                      Future<HttpClientResponse> response = request.response();
                      return request.setChunked(true).sendHead().compose(head -> response);
                    })
                .compose(HttpClientResponse::body));
    Awaits.await(http.close());
    return parser.parseFrom(body.getBytes(GRPC_PREFIX_BYTES, body.length()));
  }

  @Test
  void the_status_counts_keys() {
    client.put("counted", "1");
    client.put("counted", "2");
    long before = keyCount();
    assertThat(before).isPositive();
    client.put("counted2", "1");
    assertThat(keyCount()).isEqualTo(before + 1);
    DeleteRequest delete = DeleteRequest.newBuilder().setKey(bytes("counted2")).build();
    Awaits.await(client.at(0).delete(delete));
    assertThat(keyCount()).isEqualTo(before);
  }

  private static long keyCount() {
    StatusGrpcClient status =
        StatusGrpcClient.create(client.grpc(), KvClientOfTests.socket(cluster.addresses().get(0)));
    return Awaits.await(status.get(StatusRequest.getDefaultInstance()))
        .getNode()
        .getReplicasList()
        .stream()
        .filter(replica -> replica.getGroup() == 1)
        .findFirst()
        .orElseThrow()
        .getKeyCount();
  }
}
