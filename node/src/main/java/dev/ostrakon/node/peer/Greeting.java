package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.PeerRefusal.Reason;
import dev.ostrakon.protocol.v1.Hello;
import dev.ostrakon.protocol.v1.PeerAnswer;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.protocol.v1.Refusal;
import dev.ostrakon.protocol.v1.RefusalCode;
import dev.ostrakon.protocol.v1.Welcome;
import java.util.Optional;
import java.util.Set;

/**
 * How the two ends of a stream make sure of each other: everything about it that needs no network.
 * Immutable; any thread.
 */
public final class Greeting {

  private final PeerIdentity self;
  private final Set<NodeId> members;

  /**
   * @param members the nodes of the cluster
   */
  public Greeting(PeerIdentity self, Set<NodeId> members) {
    this.self = self;
    this.members = Set.copyOf(members);
  }

  /** The first frame of a stream to {@code peer}. */
  PeerFrame hello(NodeId peer, long timestamp) {
    return PeerFrame.newBuilder().setTimestamp(timestamp).setHello(hello(peer)).build();
  }

  /** How this node introduces itself to a peer. */
  public Hello hello(NodeId peer) {
    return Hello.newBuilder()
        .setWireMajor(WireVersion.CURRENT.major())
        .setWireMinor(WireVersion.CURRENT.minor())
        .setClusterId(self.clusterId())
        .setNodeId(self.nodeId().name())
        .setDiskId(self.diskId())
        .setToNodeId(peer.name())
        .build();
  }

  /** The acceptance of a caller. */
  PeerAnswer welcome(long timestamp) {
    return PeerAnswer.newBuilder().setTimestamp(timestamp).setWelcome(welcome()).build();
  }

  /** How this node accepts a caller. */
  public Welcome welcome() {
    return Welcome.newBuilder()
        .setWireMajor(WireVersion.CURRENT.major())
        .setWireMinor(WireVersion.CURRENT.minor())
        .setNodeId(self.nodeId().name())
        .setDiskId(self.diskId())
        .build();
  }

  /** The refusal of a caller. */
  static PeerAnswer refusal(PeerRefusal refusal, long timestamp) {
    return PeerAnswer.newBuilder().setTimestamp(timestamp).setRefusal(toWire(refusal)).build();
  }

  /** The wire form of a refusal. */
  public static Refusal toWire(PeerRefusal refusal) {
    return Refusal.newBuilder()
        .setCode(toWire(refusal.reason()))
        .setDetail(refusal.detail())
        .build();
  }

  /** What a peer that refused this node said. */
  public static PeerRefusal fromWire(Refusal wire) {
    return new PeerRefusal(fromWire(wire.getCode()), wire.getDetail());
  }

  /** Why a caller is not accepted, if so; the disk is left to {@link PeerDisks}. */
  public Optional<PeerRefusal> check(Hello hello) {
    WireVersion version = new WireVersion(hello.getWireMajor(), hello.getWireMinor());
    if (!WireVersion.CURRENT.isCompatibleWith(version)) {
      return wireFormat(version);
    }
    if (!hello.getClusterId().equals(self.clusterId())) {
      return refuse(Reason.WRONG_CLUSTER, "cluster", self.clusterId(), hello.getClusterId());
    }
    if (!hello.getToNodeId().equals(self.nodeId().name())) {
      return refuse(Reason.WRONG_NODE, "receiver", self.nodeId().name(), hello.getToNodeId());
    }
    if (!isMember(hello.getNodeId()) || hello.getNodeId().equals(self.nodeId().name())) {
      return Optional.of(
          new PeerRefusal(
              Reason.UNKNOWN_NODE,
              "caller expected to be another node of cluster "
                  + self.clusterId()
                  + ", was '"
                  + hello.getNodeId()
                  + "'"));
    }
    return hello.getDiskId().isEmpty()
        ? Optional.of(new PeerRefusal(Reason.MALFORMED, "the hello names no disk"))
        : Optional.empty();
  }

  /** Why the node that answered is not the one wanted, if so; the disk is left to PeerDisks. */
  public Optional<PeerRefusal> check(Welcome welcome, NodeId wanted) {
    WireVersion version = new WireVersion(welcome.getWireMajor(), welcome.getWireMinor());
    if (!WireVersion.CURRENT.isCompatibleWith(version)) {
      return wireFormat(version);
    }
    if (!welcome.getNodeId().equals(wanted.name())) {
      return refuse(Reason.WRONG_NODE, "node", wanted.name(), welcome.getNodeId());
    }
    return welcome.getDiskId().isEmpty()
        ? Optional.of(new PeerRefusal(Reason.MALFORMED, "the welcome names no disk"))
        : Optional.empty();
  }

  private boolean isMember(String nodeId) {
    return members.stream().anyMatch(member -> member.name().equals(nodeId));
  }

  private static Optional<PeerRefusal> wireFormat(WireVersion version) {
    return refuse(
        Reason.WIRE_FORMAT, "wire format", WireVersion.CURRENT.major() + ".x", version.toString());
  }

  private static Optional<PeerRefusal> refuse(
      Reason reason, String what, String expected, String actual) {
    return Optional.of(
        new PeerRefusal(reason, what + " expected '" + expected + "', was '" + actual + "'"));
  }

  private static RefusalCode toWire(Reason reason) {
    return switch (reason) {
      case WIRE_FORMAT -> RefusalCode.REFUSAL_CODE_WIRE_FORMAT;
      case WRONG_CLUSTER -> RefusalCode.REFUSAL_CODE_WRONG_CLUSTER;
      case WRONG_NODE -> RefusalCode.REFUSAL_CODE_WRONG_NODE;
      case UNKNOWN_NODE -> RefusalCode.REFUSAL_CODE_UNKNOWN_NODE;
      case REPLACED_DISK -> RefusalCode.REFUSAL_CODE_REPLACED_DISK;
      case MALFORMED -> RefusalCode.REFUSAL_CODE_MALFORMED;
      case STOPPING -> RefusalCode.REFUSAL_CODE_STOPPING;
      case OVERLOADED -> RefusalCode.REFUSAL_CODE_OVERLOADED;
    };
  }

  private static Reason fromWire(RefusalCode code) {
    return switch (code) {
      case REFUSAL_CODE_WIRE_FORMAT -> Reason.WIRE_FORMAT;
      case REFUSAL_CODE_WRONG_CLUSTER -> Reason.WRONG_CLUSTER;
      case REFUSAL_CODE_WRONG_NODE -> Reason.WRONG_NODE;
      case REFUSAL_CODE_UNKNOWN_NODE -> Reason.UNKNOWN_NODE;
      case REFUSAL_CODE_REPLACED_DISK -> Reason.REPLACED_DISK;
      case REFUSAL_CODE_STOPPING -> Reason.STOPPING;
      case REFUSAL_CODE_OVERLOADED -> Reason.OVERLOADED;
      case REFUSAL_CODE_MALFORMED, REFUSAL_CODE_UNSPECIFIED, UNRECOGNIZED -> Reason.MALFORMED;
    };
  }
}
