package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/** A peer and where it listens. */
record PeerTarget(NodeId node, NodeAddress address) {}
