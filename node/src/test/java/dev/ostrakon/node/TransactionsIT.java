package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.OperationKind;
import dev.ostrakon.protocol.v1.OutcomeQuestion;
import dev.ostrakon.protocol.v1.OutcomeRequest;
import dev.ostrakon.protocol.v1.OutcomeResponse;
import dev.ostrakon.protocol.v1.OutcomeState;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Transactions on real nodes: whoever is asked, whatever their id, and those that are stuck. */
class TransactionsIT {
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @AfterAll
  static void close() {
    Awaits.await(VERTX.close());
  }

  private static String keyOf(KvClientOfTests client, String address, long group, String prefix) {
    QueryRequest query = QueryRequest.newBuilder().setNumber(-1).setMayBeStale(true).build();
    try {
      Configuration configuration =
          ShardsCodec.decode(
                  Awaits.await(
                      ShardsGrpcClient.create(client.grpc(), KvClientOfTests.socket(address))
                          .query(query)))
              .configuration();
      return KvClientOfTests.keyOf(
          key -> configuration.ownerOf(configuration.slots().of(key)).number(), prefix, group);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static RequestHeader header(long sequence, long issuedAt) {
    return RequestHeader.newBuilder()
        .setClientHigh(11)
        .setClientLow(12)
        .setSequence(sequence)
        .setIssuedAt(issuedAt)
        .setTimeoutMillis(10_000)
        .build();
  }

  private static TransactRequest puts(RequestHeader header, List<String> keys, String value) {
    Transaction.Builder transaction = Transaction.newBuilder();
    for (String key : keys) {
      transaction.addThen(
          Operation.newBuilder()
              .setKind(OperationKind.OPERATION_KIND_PUT)
              .setKey(ByteString.copyFromUtf8(key))
              .setValue(ByteString.copyFromUtf8(value)));
    }
    return TransactRequest.newBuilder().setHeader(header).setTransaction(transaction).build();
  }

  @Test
  void D3_transactions_and_questions_about_outcomes_are_passed_on_to_the_leader() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start();
        KvClientOfTests client = new KvClientOfTests(VERTX, cluster.addresses())) {
      String key = keyOf(client, cluster.addresses().get(0), 2, "passed-on");
      long issuedAt = client.get(key).getHeader().getTimestamp();
      for (int node = 0; node < 3; node++) {
        int asked = node;
        TransactRequest request = puts(header(node + 1, issuedAt), List.of(key), "by " + node);
        Awaits.untilAsserted(
            () -> {
              TransactResponse response = Awaits.await(client.at(asked).transact(request));
              assertThat(response.getHeader().getError().getMessage()).isEmpty();
            });
        assertThat(client.get(key).getValue().toStringUtf8()).isEqualTo("by " + node);

        OutcomeRequest question =
            OutcomeRequest.newBuilder()
                .setHeader(RequestHeader.newBuilder().setTimeoutMillis(10_000))
                .setQuestion(
                    OutcomeQuestion.newBuilder()
                        .setClientHigh(11)
                        .setClientLow(12)
                        .setSequence(node + 1L)
                        .setGroup(2)
                        .setIssuedAt(issuedAt)
                        .addKeys(ByteString.copyFromUtf8(key)))
                .build();
        for (int teller = 0; teller < 3; teller++) {
          int told = teller;
          Awaits.untilAsserted(
              () -> {
                OutcomeResponse response = Awaits.await(client.at(told).outcome(question));
                assertThat(response.getHeader().getError().getMessage()).isEmpty();
                assertThat(response.getReport().getState())
                    .isEqualTo(OutcomeState.OUTCOME_STATE_COMMITTED);
              });
        }
      }
    }
  }

  /** Two coordinators at once, so that each is the first in another group at times. */
  @Test
  void D3_two_bodies_at_once_under_one_id_do_not_mix() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start();
        KvClientOfTests client = new KvClientOfTests(VERTX, cluster.addresses())) {
      String address = cluster.addresses().get(0);
      List<String> keys =
          List.of(
              keyOf(client, address, 1, "mixed"),
              keyOf(client, address, 2, "mixed"),
              keyOf(client, address, 3, "mixed"));
      keys.forEach(key -> client.put(key, "before"));
      long issuedAt = client.get(keys.get(0)).getHeader().getTimestamp();
      for (int round = 1; round <= 12; round++) {
        RequestHeader header = header(round, issuedAt);
        TransactRequest one = puts(header, keys, "one " + round);
        TransactRequest two =
            round % 2 == 0
                ? puts(header, keys, "two " + round)
                : puts(header, keys.subList(0, 2), "one " + round); // In part the same.
        List<Future<TransactResponse>> both =
            List.of(client.at(round % 3).transact(one), client.at((round + 1) % 3).transact(two));
        both.forEach(Awaits::awaitEnd);
        int done = 0;
        for (Future<TransactResponse> each : both) {
          assertThat(each.succeeded()).as(() -> String.valueOf(each.cause())).isTrue();
          ErrorCode code = each.result().getHeader().getError().getCode();
          if (each.result().getHeader().hasError()) {
            assertThat(code)
                .as(() -> String.valueOf(each.result()))
                .isIn(ErrorCode.ERROR_CODE_INVALID, ErrorCode.ERROR_CODE_NOT_ORDERED);
          } else {
            done++;
          }
        }
        assertThat(done).isLessThanOrEqualTo(1);
        requireUnmixed(client, keys, round, done);
      }
    }
  }

  private static void requireUnmixed(
      KvClientOfTests client, List<String> keys, int round, int done) {
    List<String> values =
        keys.stream().map(key -> client.get(key).getValue().toStringUtf8()).toList();
    boolean isOne = values.stream().allMatch(value -> value.equals("one " + round));
    boolean isTwo =
        round % 2 == 0
            ? values.stream().allMatch(value -> value.equals("two " + round))
            : values.subList(0, 2).stream().allMatch(value -> value.equals("one " + round))
                && !values.get(2).equals("one " + round);
    boolean isNeither = values.stream().noneMatch(value -> value.endsWith(" " + round));
    assertThat(done == 1 ? isOne || isTwo : isNeither)
        .as("round %s, done %s: %s", round, done, values)
        .isTrue();
  }

  /** With one replica each, a group whose node is down keeps a transaction waiting elsewhere. */
  @Test
  void A11_a_transaction_that_cannot_finish_is_shown_and_released_over_http() throws Exception {
    EmbeddedOptions two =
        new EmbeddedOptions(2, 2, 1, 256, null, false, true, EmbeddedOptions.DEFAULTS.serving());
    try (EmbeddedCluster cluster = EmbeddedCluster.start(two);
        KvClientOfTests client = new KvClientOfTests(VERTX, cluster.addresses())) {
      int one = cluster.awaitLeaderOf(new GroupId(1));
      String address = cluster.addresses().get(one);
      String admin = cluster.adminAddresses().get(one);
      List<String> keys =
          List.of(keyOf(client, address, 1, "stuck"), keyOf(client, address, 2, "stuck"));
      long issuedAt = client.put(keys.get(0), "before").getHeader().getTimestamp();
      cluster.kill(1 - one);

      Future<TransactResponse> stuck =
          client
              .at(one)
              .transact(
                  puts(
                      header(1, issuedAt).toBuilder().setTimeoutMillis(2_000).build(),
                      keys,
                      "after"));
      Awaits.untilAsserted(() -> assertThat(held(admin)).hasSize(1));
      JsonObject shown = held(admin).getJsonObject(0);
      assertThat(shown.getInteger("group")).isEqualTo(1);
      assertThat(shown.getJsonArray("participants")).containsExactly(1, 2);
      String txn = shown.getString("txn");
      assertThat(txn).isEqualTo("b-c-1-1");

      assertThat(post(admin, "group=1&txn=nonsense&outcome=abort")).startsWith("400 expected");
      assertThat(post(admin, "group=1&txn=" + txn + "&outcome=maybe")).startsWith("400 expected");
      assertThat(post(admin, "group=2&txn=" + txn + "&outcome=abort")).startsWith("404 the group");
      assertThat(post(admin, "group=1&txn=b-c-99-1&outcome=abort")).startsWith("409 nothing");
      assertThat(get(admin, "/transactions/release")).startsWith("405 ");
      assertThat(held(admin)).hasSize(1);

      assertThat(post(admin, "group=1&txn=" + txn + "&outcome=abort")).startsWith("200 released");
      assertThat(held(admin)).isEmpty();
      assertThat(post(admin, "group=1&txn=" + txn + "&outcome=abort")).startsWith("409 nothing");
      assertThat(client.put(keys.get(0), "free again").getHeader().hasError()).isFalse();
      assertThat(client.get(keys.get(0)).getValue().toStringUtf8()).isEqualTo("free again");
      Awaits.awaitEnd(stuck);
    }
  }

  private static JsonArray held(String admin) throws IOException, InterruptedException {
    return new JsonArray(get(admin, "/transactions").substring(4));
  }

  private static String get(String admin, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create("http://" + admin + path)));
  }

  private static String post(String admin, String query) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create("http://" + admin + "/transactions/release?" + query))
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = HTTP.send(request.timeout(Awaits.LIMIT).build(), BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
