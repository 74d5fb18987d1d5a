package dev.ostrakon.node;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.storage.StorageConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node is told about itself, its cluster and its machine.
 *
 * @param clusterId the same on all nodes of the cluster; not empty
 * @param plan what the folder was set up by, in words; later starts must bring the same
 * @param agreement what nodes must agree on to talk to each other, in words; starts with the
 *     cluster id
 * @param listen where this node listens
 * @param peers the other nodes and where they listen
 * @param dataFolder what the node remembers; made if it is missing
 * @param tls how connections are encrypted
 * @param limits how much of the machine it uses
 */
public record NodeConfig(
    String clusterId,
    String plan,
    String agreement,
    NodeId nodeId,
    NodeAddress listen,
    SortedMap<NodeId, NodeAddress> peers,
    Path dataFolder,
    TlsSettings tls,
    Limits limits) {

  /** Requires that the node is not its own peer. */
  public NodeConfig {
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    if (clusterId.isEmpty()) {
      throw new IllegalArgumentException("the cluster id must not be empty");
    }
    if (peers.containsKey(nodeId)) {
      throw new IllegalArgumentException("node " + nodeId + " must not be among its own peers");
    }
  }

  /**
   * How much of the machine a node uses, and how patient it is.
   *
   * @param loopCount event loops, at least 1
   * @param tickNanos the least time between two ticks of a replica
   * @param handoverMillis the longest that stopping waits for leaderships to move away
   */
  public record Limits(
      int loopCount,
      long tickNanos,
      long handoverMillis,
      PeerConfig peers,
      StorageConfig storage,
      ClockConfig clock) {

    /** One loop, ticks of 50 ms, 5 s to hand over. */
    public static final Limits DEFAULTS =
        new Limits(
            1,
            50_000_000,
            5_000,
            PeerConfig.DEFAULTS,
            StorageConfig.DEFAULTS,
            ClockConfig.DEFAULTS);
  }
}
