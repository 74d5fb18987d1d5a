package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.settings.NodeOption;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.NodeSettingsReader;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.OperationKind;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.Transaction;
import dev.ostrakon.protocol.v1.WriteResponse;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The largest legal sizes on three nodes: replication, a snapshot for one that was away, restart.
 */
@Tag("ci")
class LargestLimitsClusterIT {
  private static final int TXN_BYTES_MAX = 7_333_248;
  private static final int KEY_BYTES = 1 << 10;
  private static final int TXN_KEYS = 10_000;
  private static final int CHECKPOINT_BYTES = 1 << 20;
  private static final int FILLERS = 32;

  private final Vertx vertx = Vertx.vertx();
  private final List<Integer> ports = FreePorts.find(3);
  private final List<OstrakonNode> nodes = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void close() {
    nodes.forEach(node -> Awaits.await(node.stop()));
    Awaits.await(vertx.close());
  }

  private Future<OstrakonNode> start(int node) {
    List<String> peers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      peers.add("n" + i + "=127.0.0.1:" + ports.get(i));
    }
    Map<NodeOption, String> options = new EnumMap<>(NodeOption.class);
    options.put(NodeOption.ID, "n" + node);
    options.put(NodeOption.PEERS, String.join(",", peers));
    options.put(NodeOption.DATA, folder.resolve("n" + node).toString());
    options.put(NodeOption.GROUPS, "1");
    options.put(NodeOption.CHECKPOINT_BYTES, Integer.toString(CHECKPOINT_BYTES));
    options.put(NodeOption.KEY_BYTES_MAX, Integer.toString(KEY_BYTES));
    options.put(NodeOption.VALUE_BYTES_MAX, Integer.toString(TXN_BYTES_MAX - KEY_BYTES));
    options.put(NodeOption.TXN_BYTES_MAX, Integer.toString(TXN_BYTES_MAX));
    options.put(NodeOption.TXN_KEYS_MAX, Integer.toString(TXN_KEYS));
    NodeSettings settings = NodeSettingsReader.read(options, Map.of(), null);
    return OstrakonNode.start(settings).compose(started -> started.ready().map(started));
  }

  private static RaftStatus status(OstrakonNode node) {
    return Awaits.await(shard(node).ask(replica -> replica.status()));
  }

  private static HostedReplica<?> shard(OstrakonNode node) {
    return node.hosting().hosted().stream()
        .filter(replica -> replica.group().number() == 1)
        .findFirst()
        .orElseThrow();
  }

  private static String key(int number) {
    return "key" + number;
  }

  private static TransactRequest largestTransaction() {
    Transaction.Builder transaction = Transaction.newBuilder();
    for (int i = 0; i < TXN_KEYS; i++) {
      transaction.addThen(
          Operation.newBuilder()
              .setKind(OperationKind.OPERATION_KIND_PUT)
              .setKey(ByteString.copyFromUtf8(key(i)))
              .setValue(ByteString.copyFromUtf8("value" + i)));
    }
    return TransactRequest.newBuilder()
        .setHeader(RequestHeader.newBuilder().setTimeoutMillis(20_000))
        .setTransaction(transaction)
        .build();
  }

  @Test
  void A5_the_largest_transaction_and_row_reach_a_node_that_was_away_and_survive_restarts() {
    List<Future<OstrakonNode>> starting = List.of(start(0), start(1), start(2));
    starting.forEach(node -> nodes.add(Awaits.await(node)));
    List<String> addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    String large = "x".repeat(TXN_BYTES_MAX - KEY_BYTES);
    try (KvClientOfTests client = new KvClientOfTests(vertx, addresses.subList(0, 2))) {
      TransactRequest transaction = largestTransaction();
      TransactResponse done =
          client.untilDone(kv -> kv.transact(transaction), TransactResponse::getHeader);
      assertThat(done.getHeader().getError().getMessage()).isEmpty();
      client.put("large", large);

      Awaits.await(nodes.remove(2).stop());
      long before = status(nodes.get(0)).lastIndex();
      logMoreThanIsRetained(client, before);
      cutLogs(client, before);

      OstrakonNode away = Awaits.await(start(2));
      nodes.add(away);
      Awaits.untilAsserted(() -> assertThat(status(away).firstIndex()).isGreaterThan(before));
    }
    Awaits.await(nodes.remove(2).stop());
    OstrakonNode again = Awaits.await(start(2));
    nodes.add(again);
    lead(again);
    try (KvClientOfTests client = new KvClientOfTests(vertx, addresses.subList(2, 3))) {
      assertThat(client.get("large").getValue().toStringUtf8()).isEqualTo(large);
      for (int i = 0; i < TXN_KEYS; i += 999) {
        assertThat(client.get(key(i)).getValue().toStringUtf8()).isEqualTo("value" + i);
      }
      assertThat(status(again).role()).isEqualTo(Role.LEADER);
    }
  }

  /** Several at a time, each in an entry of its own or nearly so; some may fail. */
  private void logMoreThanIsRetained(KvClientOfTests client, long before) {
    long enough = before + RaftConfig.DEFAULTS.retainedEntries() + 1;
    PutRequest filler =
        PutRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setTimeoutMillis(20_000))
            .setKey(ByteString.copyFromUtf8("filler"))
            .setValue(ByteString.copyFromUtf8("v"))
            .build();
    for (int i = 0; status(nodes.get(0)).lastIndex() < enough; i++) {
      List<Future<WriteResponse>> calls = new ArrayList<>();
      for (int j = 0; j < FILLERS; j++) {
        calls.add(client.at(j % 2).put(filler));
      }
      Awaits.awaitEnd(Future.join(calls));
      assertThat(i).as("rounds of fillers").isLessThan(RaftConfig.DEFAULTS.retainedEntries());
    }
  }

  /**
   * A checkpoint is due after so many changes in memory, not after so many entries. It may begin
   * before what made it due was applied, and what follows the fillers has to be in it.
   */
  private void cutLogs(KvClientOfTests client, long before) {
    String changes = "c".repeat(2 * CHECKPOINT_BYTES);
    Awaits.untilAsserted(
        () -> {
          client.put("changes", changes);
          for (OstrakonNode node : nodes) {
            assertThat(status(node).firstIndex()).isGreaterThan(before);
          }
        });
  }

  /** Has a node lead, so that it reads what it has. */
  private void lead(OstrakonNode wanted) {
    Awaits.untilAsserted(
        () -> {
          ReplicaId self = status(wanted).id();
          for (OstrakonNode node : nodes) {
            Awaits.await(shard(node).ask(replica -> replica.transferLeadership(self)));
          }
          assertThat(status(wanted).role()).isEqualTo(Role.LEADER);
        });
  }
}
