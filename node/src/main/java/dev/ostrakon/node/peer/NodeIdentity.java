package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/**
 * Who a node is, as its disk remembers it.
 *
 * @param clusterId the cluster that the disk belongs to
 * @param nodeId the node that the disk belongs to
 * @param diskId drawn when the data folder was made; a wiped disk has another one
 */
public record NodeIdentity(String clusterId, NodeId nodeId, String diskId) {

  public NodeIdentity {
    if (clusterId.isEmpty() || diskId.isEmpty()) {
      throw new IllegalArgumentException("cluster id and disk id must not be empty");
    }
  }
}
