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
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.protocol.v1.WriteResponse;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster bears: killed nodes, restarts, cut links, and folders that are not its own. */
class OstrakonFaultsIT {
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
