package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.SettingsException;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.Committed;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.OperationKind;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.Result;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.Transaction;
import dev.ostrakon.protocol.v1.WriteResponse;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster bears: killed nodes, restarts, cut links, and folders that are not its own. */
class OstrakonFaultsIT {
  private static final int ATTEMPTS_MAX = 20;

  private final Vertx vertx = Vertx.vertx();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    Awaits.await(vertx.close());
  }

  private static Configuration configuration(EmbeddedCluster cluster, KvClientOfTests client) {
    QueryRequest query = QueryRequest.newBuilder().setNumber(-1).setMayBeStale(true).build();
    try {
      return ShardsCodec.decode(
              Awaits.await(
                  ShardsGrpcClient.create(
                          client.grpc(), KvClientOfTests.socket(cluster.addresses().get(0)))
                      .query(query)))
          .configuration();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static String keyOf(EmbeddedCluster cluster, KvClientOfTests client, long group) {
    Configuration configuration = configuration(cluster, client);
    return KvClientOfTests.keyOf(
        key -> configuration.ownerOf(configuration.slots().of(key)).number(), "key", group);
  }

  @Test
  void a_request_that_is_sent_again_after_its_leader_died_is_done_once() {
    GroupId group = new GroupId(1);
    try (EmbeddedCluster cluster =
            EmbeddedCluster.start(EmbeddedOptions.DEFAULTS.withGroups(2).withCuttableLinks());
        KvClientOfTests client = new KvClientOfTests(vertx, cluster.addresses())) {
      String key = keyOf(cluster, client, 1);
      long issuedAt = client.get(key).getHeader().getTimestamp();
      WriteResponse first = append(client, key, issuedAt);
      int killed = cluster.awaitLeaderOf(group);
      cluster.kill(killed);
      WriteResponse again = append(client, key, issuedAt);
      assertThat(again.getVersion()).isEqualTo(first.getVersion());
      assertThat(client.get(key).getValue().toStringUtf8()).isEqualTo("x");

      cluster.restart(killed);
      Awaits.await(cluster.node(killed).ready());
      int leader = cluster.awaitLeaderOf(group);
      cluster.cut(leader, (leader + 1) % 3);
      cluster.cut(leader, (leader + 2) % 3);
      assertThat(client.put(key, "while cut").getHeader().hasError()).isFalse();
      cluster.mend(leader, (leader + 1) % 3);
      cluster.mend(leader, (leader + 2) % 3);
      assertThat(client.get(key).getValue().toStringUtf8()).isEqualTo("while cut");
    }
  }

  /** Some are decided, some ordered in part and some not yet sent when their coordinator dies. */
  @Test
  void transactions_whose_coordinator_dies_are_finished_by_others_and_told_once() {
    int count = 40;
    try (EmbeddedCluster cluster = EmbeddedCluster.start();
        KvClientOfTests client = new KvClientOfTests(vertx, cluster.addresses())) {
      String one = keyOf(cluster, client, 1);
      String two = keyOf(cluster, client, 2);
      long issuedAt = client.get(one).getHeader().getTimestamp();
      int coordinator = cluster.awaitLeaderOf(new GroupId(3));
      List<Future<TransactResponse>> first = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        first.add(client.at(coordinator).transact(both(one, two, i, 1, issuedAt)));
      }
      Awaits.untilAsserted(() -> assertThat(first).anyMatch(Future::isComplete));
      cluster.kill(coordinator);
      Set<Long> sums = new TreeSet<>();
      for (int i = 1; i <= count; i++) {
        Committed committed = again(client, one, two, i, issuedAt);
        long sum = numberOf(committed.getResults(0));
        assertThat(numberOf(committed.getResults(1))).as("both or none").isEqualTo(sum);
        assertThat(sums.add(sum)).as("%d is told once", sum).isTrue();
        Future<TransactResponse> told = first.get(i - 1);
        if (told.succeeded() && !told.result().getHeader().hasError()) {
          assertThat(committed).isEqualTo(told.result().getCommitted());
        }
      }
      assertThat(sums).hasSize(count).contains(1L, (long) count);
      assertThat(client.get(one).getValue().toStringUtf8()).isEqualTo(Integer.toString(count));
      assertThat(client.get(two).getValue().toStringUtf8()).isEqualTo(Integer.toString(count));
    }
  }

  /** Sends a transaction until it is committed, whatever became of its first sending. */
  private static Committed again(
      KvClientOfTests client, String one, String two, int sequence, long issuedAt) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      TransactRequest request = both(one, two, sequence, attempt, issuedAt);
      TransactResponse response =
          client.untilDone(kv -> kv.transact(request), TransactResponse::getHeader);
      if (!response.getHeader().hasError()) {
        return response.getCommitted();
      }
      assertThat(response.getHeader().getError().getCode())
          .isEqualTo(ErrorCode.ERROR_CODE_NOT_ORDERED);
    }
    throw new AssertionError("not committed after " + ATTEMPTS_MAX + " attempts");
  }

  private static TransactRequest both(
      String one, String two, int sequence, int attempt, long issuedAt) {
    return TransactRequest.newBuilder()
        .setHeader(
            RequestHeader.newBuilder()
                .setClientHigh(3)
                .setClientLow(4)
                .setSequence(sequence)
                .setAttempt(attempt)
                .setIssuedAt(issuedAt)
                .setTimeoutMillis(3_000))
        .setTransaction(Transaction.newBuilder().addThen(increment(one)).addThen(increment(two)))
        .build();
  }

  private static Operation.Builder increment(String key) {
    return Operation.newBuilder()
        .setKind(OperationKind.OPERATION_KIND_ADD)
        .setKey(ByteString.copyFromUtf8(key))
        .setDelta(1)
        .setWantsValue(true);
  }

  private static long numberOf(Result result) {
    return Long.parseLong(result.getValue().toStringUtf8());
  }

  private static WriteResponse append(KvClientOfTests client, String key, long issuedAt) {
    AppendRequest request =
        AppendRequest.newBuilder()
            .setHeader(
                RequestHeader.newBuilder()
                    .setClientHigh(1)
                    .setClientLow(2)
                    .setSequence(1)
                    .setIssuedAt(issuedAt)
                    .setTimeoutMillis(2_000))
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8("x"))
            .build();
    return client.untilDone(kv -> kv.append(request), WriteResponse::getHeader);
  }

  @Test
  void a_cluster_continues_from_its_folders_and_refuses_others() {
    EmbeddedOptions options = EmbeddedOptions.DEFAULTS.withGroups(2).withFolder(folder);
    NodeSettings settings;
    try (EmbeddedCluster cluster = EmbeddedCluster.start(options);
        KvClientOfTests client = new KvClientOfTests(vertx, cluster.addresses())) {
      for (int i = 0; i < 10; i++) {
        client.put("kept" + i, "value" + i);
      }
      settings = cluster.node(0).settings();
      cluster.stop(0);
      cluster.stop(1);
      cluster.kill(2);

      NodeSettings foreign =
          new NodeSettings(
              settings.id(),
              settings.listen(),
              folder.resolve("n2"),
              settings.peers(),
              settings.routes(),
              settings.plan(),
              settings.admin(),
              settings.tls(),
              settings.memory(),
              settings.timing(),
              settings.serving());
      assertThatThrownBy(() -> Awaits.await(OstrakonNode.start(foreign)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("belongs to another node");
    }
    try (EmbeddedCluster cluster = EmbeddedCluster.start(options);
        KvClientOfTests client = new KvClientOfTests(vertx, cluster.addresses())) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("kept" + i).getValue().toStringUtf8()).isEqualTo("value" + i);
      }
    }
    assertThatThrownBy(() -> EmbeddedCluster.start(options.withGroups(3)).close())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("groups=2")
        .hasMessageContaining("groups=3");
  }
}
