package dev.ostrakon.node.admin;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.NodeStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A node's status as JSON, the same for the admin endpoint and for the command line. */
public final class StatusJson {
  private StatusJson() {}

  /** One object with everything that the status says. */
  public static JsonObject of(NodeStatus status) {
    JsonArray replicas = new JsonArray();
    status.replicas().forEach(replica -> replicas.add(of(replica)));
    JsonArray peers = new JsonArray();
    status.peers().forEach(peer -> peers.add(of(peer)));
    JsonArray moves = new JsonArray();
    status.moves().forEach(move -> moves.add(of(move)));
    JsonObject counters = new JsonObject();
    status.counters().forEach(counters::put);
    return new JsonObject()
        .put("cluster", status.clusterId())
        .put("node", status.node().name())
        .put("address", status.address())
        .put("version", status.softwareVersion())
        .put("uptime_millis", status.uptimeMillis())
        .put("clock_drift_millis", status.clock().driftMillis())
        .put("clock_error_millis", status.clock().errorMillis())
        .put("clock_lead_millis", status.clock().leadMillis())
        .put("configuration", status.configurationNumber())
        .put("replicas", replicas)
        .put("peers", peers)
        .put("moves", moves)
        .put("counters", counters);
  }

  private static JsonObject of(NodeStatus.Replica replica) {
    NodeId leader = replica.leader();
    return new JsonObject()
        .put("group", replica.group().number())
        .put("role", name(replica.role()))
        .put("term", replica.term())
        .put("leader", leader == null ? null : leader.name())
        .put("first_index", replica.log().firstIndex())
        .put("last_index", replica.log().lastIndex())
        .put("commit_index", replica.log().commitIndex())
        .put("applied_index", replica.log().appliedIndex())
        .put("checkpoint_index", replica.log().checkpointIndex())
        .put("slots", replica.slotCount())
        .put("keys", replica.keyCount())
        .put("configuration", replica.configurationNumber())
        .put("stopped", replica.stopped())
        .put("problem", replica.problem());
  }

  private static JsonObject of(NodeStatus.Peer peer) {
    return new JsonObject()
        .put("node", peer.node().name())
        .put("address", peer.address())
        .put("connected", peer.connected())
        .put("clock_offset_millis", peer.clockOffsetMillis());
  }

  private static JsonObject of(NodeStatus.Move move) {
    return new JsonObject()
        .put("slot", move.slot().number())
        .put("from", move.from().number())
        .put("to", move.to().number())
        .put("configuration", move.configurationNumber())
        .put("state", name(move.state()))
        .put("bytes_moved", move.bytesMoved());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
