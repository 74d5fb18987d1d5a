package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import io.vertx.core.Future;

/**
 * Remembers, for good, the disk with which each peer first introduced itself.
 *
 * <p>This is what keeps a node whose disk was wiped from voting as its old self: those that knew it
 * refuse it, and a new disk takes part only after everybody welcomed it.
 */
public interface PeerDisks {

  /**
   * Whether this is the disk that the node has always had. The first disk of a node that is asked
   * for is remembered, durably, before the answer.
   *
   * @return fails if the memory cannot be written
   */
  Future<Boolean> isDiskOf(NodeId node, String diskId);
}
