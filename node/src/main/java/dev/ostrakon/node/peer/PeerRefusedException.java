package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/** A peer refuses this node, or this node refuses the peer that it reached. */
public final class PeerRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient PeerRefusal refusal;

  PeerRefusedException(NodeId peer, PeerRefusal refusal) {
    super("peer " + peer + ": " + refusal);
    this.refusal = refusal;
  }

  public PeerRefusal refusal() {
    return refusal;
  }
}
