package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.v1.PeerStatus;
import dev.ostrakon.protocol.v1.ReplicaRole;
import dev.ostrakon.protocol.v1.ReplicaStatus;
import dev.ostrakon.protocol.v1.SlotMove;
import dev.ostrakon.protocol.v1.SlotMoveState;
import dev.ostrakon.protocol.v1.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The answers of the {@code Status} service. */
public final class StatusCodec {
  private StatusCodec() {}

  /** The wire form of a status. */
  public static StatusResponse encode(NodeStatus status, HybridTimestamp now) {
    dev.ostrakon.protocol.v1.NodeStatus.Builder wire =
        dev.ostrakon.protocol.v1.NodeStatus.newBuilder()
            .setClusterId(status.clusterId())
            .setNodeId(status.node().name())
            .setAddress(status.address())
            .setSoftwareVersion(status.softwareVersion())
            .setUptimeMillis(status.uptimeMillis())
            .setClockDriftMillis(status.clock().driftMillis())
            .setClockErrorMillis(status.clock().errorMillis())
            .setClockLeadMillis(status.clock().leadMillis())
            .setConfiguration(status.configurationNumber())
            .putAllCounters(status.counters());
    status.replicas().forEach(replica -> wire.addReplicas(encode(replica)));
    status.peers().forEach(peer -> wire.addPeers(encode(peer)));
    status.moves().forEach(move -> wire.addMoves(encode(move)));
    return StatusResponse.newBuilder().setHeader(HeaderCodec.answered(now)).setNode(wire).build();
  }

  /** The wire form of an answer that says why there is no status. */
  public static StatusResponse encode(ServiceError error, HybridTimestamp now) {
    return StatusResponse.newBuilder().setHeader(HeaderCodec.failed(now, error)).build();
  }

  /** The status of an answer whose header has no error. */
  public static NodeStatus decode(StatusResponse response) throws MalformedMessageException {
    dev.ostrakon.protocol.v1.NodeStatus wire = response.getNode();
    List<NodeStatus.Replica> replicas = new ArrayList<>(wire.getReplicasCount());
    List<NodeStatus.Peer> peers = new ArrayList<>(wire.getPeersCount());
    List<NodeStatus.Move> moves = new ArrayList<>(wire.getMovesCount());
    try {
      for (ReplicaStatus replica : wire.getReplicasList()) {
        replicas.add(decode(replica));
      }
      for (PeerStatus peer : wire.getPeersList()) {
        peers.add(decode(peer));
      }
      for (SlotMove move : wire.getMovesList()) {
        moves.add(decode(move));
      }
      return new NodeStatus(
          wire.getClusterId(),
          new NodeId(wire.getNodeId()),
          wire.getAddress(),
          wire.getSoftwareVersion(),
          wire.getUptimeMillis(),
          new NodeStatus.Clock(
              wire.getClockDriftMillis(), wire.getClockErrorMillis(), wire.getClockLeadMillis()),
          wire.getConfiguration(),
          replicas,
          peers,
          moves,
          new TreeMap<>(wire.getCountersMap()));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("status", e);
    }
  }

  private static ReplicaStatus encode(NodeStatus.Replica replica) {
    NodeStatus.LogPosition log = replica.log();
    NodeId leader = replica.leader();
    return ReplicaStatus.newBuilder()
        .setGroup(replica.group().number())
        .setRole(encode(replica.role()))
        .setTerm(replica.term())
        .setLeaderNodeId(leader == null ? "" : leader.name())
        .setFirstIndex(log.firstIndex())
        .setLastIndex(log.lastIndex())
        .setCommitIndex(log.commitIndex())
        .setAppliedIndex(log.appliedIndex())
        .setCheckpointIndex(log.checkpointIndex())
        .setSlotCount(replica.slotCount())
        .setKeyCount(replica.keyCount())
        .setConfiguration(replica.configurationNumber())
        .setStopped(replica.stopped())
        .setProblem(replica.problem())
        .build();
  }

  private static NodeStatus.Replica decode(ReplicaStatus wire) throws MalformedMessageException {
    return new NodeStatus.Replica(
        new GroupId(wire.getGroup()),
        decode(wire.getRole()),
        wire.getTerm(),
        wire.getLeaderNodeId().isEmpty() ? null : new NodeId(wire.getLeaderNodeId()),
        new NodeStatus.LogPosition(
            wire.getFirstIndex(),
            wire.getLastIndex(),
            wire.getCommitIndex(),
            wire.getAppliedIndex(),
            wire.getCheckpointIndex()),
        wire.getSlotCount(),
        wire.getKeyCount(),
        wire.getConfiguration(),
        wire.getStopped(),
        wire.getProblem());
  }

  private static ReplicaRole encode(NodeStatus.Role role) {
    return switch (role) {
      case FOLLOWER -> ReplicaRole.REPLICA_ROLE_FOLLOWER;
      case PRE_CANDIDATE -> ReplicaRole.REPLICA_ROLE_PRE_CANDIDATE;
      case CANDIDATE -> ReplicaRole.REPLICA_ROLE_CANDIDATE;
      case LEADER -> ReplicaRole.REPLICA_ROLE_LEADER;
      case LEARNER -> ReplicaRole.REPLICA_ROLE_LEARNER;
    };
  }

  private static NodeStatus.Role decode(ReplicaRole wire) throws MalformedMessageException {
    return switch (wire) {
      case REPLICA_ROLE_FOLLOWER -> NodeStatus.Role.FOLLOWER;
      case REPLICA_ROLE_PRE_CANDIDATE -> NodeStatus.Role.PRE_CANDIDATE;
      case REPLICA_ROLE_CANDIDATE -> NodeStatus.Role.CANDIDATE;
      case REPLICA_ROLE_LEADER -> NodeStatus.Role.LEADER;
      case REPLICA_ROLE_LEARNER -> NodeStatus.Role.LEARNER;
      case REPLICA_ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException("expected a known role of a replica, was " + wire);
    };
  }

  private static PeerStatus encode(NodeStatus.Peer peer) {
    return PeerStatus.newBuilder()
        .setNodeId(peer.node().name())
        .setAddress(peer.address())
        .setConnected(peer.connected())
        .setClockOffsetMillis(peer.clockOffsetMillis())
        .build();
  }

  private static NodeStatus.Peer decode(PeerStatus wire) {
    return new NodeStatus.Peer(
        new NodeId(wire.getNodeId()),
        wire.getAddress(),
        wire.getConnected(),
        wire.getClockOffsetMillis());
  }

  private static SlotMove encode(NodeStatus.Move move) {
    return SlotMove.newBuilder()
        .setSlot(move.slot().number())
        .setFromGroup(move.from().number())
        .setToGroup(move.to().number())
        .setConfiguration(move.configurationNumber())
        .setState(encode(move.state()))
        .setBytesMoved(move.bytesMoved())
        .build();
  }

  private static NodeStatus.Move decode(SlotMove wire) throws MalformedMessageException {
    return new NodeStatus.Move(
        new Slot(wire.getSlot()),
        new GroupId(wire.getFromGroup()),
        new GroupId(wire.getToGroup()),
        wire.getConfiguration(),
        decode(wire.getState()),
        wire.getBytesMoved());
  }

  private static SlotMoveState encode(NodeStatus.MoveState state) {
    return switch (state) {
      case COPYING -> SlotMoveState.SLOT_MOVE_STATE_COPYING;
      case FROZEN -> SlotMoveState.SLOT_MOVE_STATE_FROZEN;
      case INSTALLING -> SlotMoveState.SLOT_MOVE_STATE_INSTALLING;
      case DELETING -> SlotMoveState.SLOT_MOVE_STATE_DELETING;
    };
  }

  private static NodeStatus.MoveState decode(SlotMoveState wire) throws MalformedMessageException {
    return switch (wire) {
      case SLOT_MOVE_STATE_COPYING -> NodeStatus.MoveState.COPYING;
      case SLOT_MOVE_STATE_FROZEN -> NodeStatus.MoveState.FROZEN;
      case SLOT_MOVE_STATE_INSTALLING -> NodeStatus.MoveState.INSTALLING;
      case SLOT_MOVE_STATE_DELETING -> NodeStatus.MoveState.DELETING;
      case SLOT_MOVE_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException("expected a known state of a move, was " + wire);
    };
  }
}
