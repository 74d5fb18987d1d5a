package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/**
 * Who a node is, as it introduces itself to its peers.
 *
 * @param clusterId the cluster that the disk belongs to
 * @param nodeId the node that the disk belongs to
 * @param diskId drawn when the data folder was made; a wiped disk has another one
 */
public record PeerIdentity(String clusterId, NodeId nodeId, String diskId) {

  public PeerIdentity {
    if (clusterId.isEmpty() || diskId.isEmpty()) {
      throw new IllegalArgumentException("cluster id and disk id must not be empty");
    }
  }
}
