package dev.ostrakon.node.shards;

import dev.ostrakon.model.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** This node does not lead the controller. */
final class NotControllerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable NodeId leader;

  NotControllerException(Optional<NodeId> leader) {
    super("the shard controller is led by " + leader.map(NodeId::name).orElse("nobody known"));
    this.leader = leader.orElse(null);
  }

  Optional<NodeId> leader() {
    return Optional.ofNullable(leader);
  }
}
