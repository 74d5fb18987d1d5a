package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.ClusterView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The shard controller: which group owns which slot. Every call gives the configuration that it
 * asked for or that holds after it, and fails with a {@link KvException}; what only the controller
 * refuses is a {@link ShardsException}. A change is carried out at most once, however often it must
 * be sent; slots move in the background after it.
 */
public final class Shards {
  Shards() {}

  /** The newest configuration, as the controller's leader confirms it. */
  public CompletableFuture<ClusterView> query() {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }

  /** An earlier configuration. */
  public CompletableFuture<ClusterView> query(long number) {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }

  /** Adds groups with their nodes, and moves slots to them, as few as balance allows. */
  public CompletableFuture<ClusterView> join(Map<GroupId, List<NodeId>> groups) {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }

  /** Removes groups; their slots go to the others. */
  public CompletableFuture<ClusterView> leave(Set<GroupId> groups) {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }

  /** Gives one slot to one group, whatever that does to the balance. */
  public CompletableFuture<ClusterView> move(Slot slot, GroupId group) {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }

  /** Moves as few slots as it takes to be balanced again. */
  public CompletableFuture<ClusterView> rebalance() {
    return CompletableFuture.failedFuture(new ClientClosedException("not connected"));
  }
}
