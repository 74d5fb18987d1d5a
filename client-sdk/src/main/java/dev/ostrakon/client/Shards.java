package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ShardsCall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The shard controller: which group owns which slot. Every call gives the configuration that it
 * asked for or that holds after it, and fails with a {@link KvException}; what only the controller
 * refuses is a {@link ShardsException}. A change is carried out at most once, however often it must
 * be sent; slots move in the background after it.
 */
public final class Shards {
  private final OstrakonClient client;

  Shards(OstrakonClient client) {
    this.client = client;
  }

  /** The newest configuration, as the controller's leader confirms it. */
  public CompletableFuture<ClusterView> query() {
    return client.ask(new ShardsCall.Query(ShardsCall.LATEST, false));
  }

  /** An earlier configuration. */
  public CompletableFuture<ClusterView> query(long number) {
    return client.ask(new ShardsCall.Query(number, false));
  }

  /** Adds groups with their nodes, and moves slots to them, as few as balance allows. */
  public CompletableFuture<ClusterView> join(Map<GroupId, List<NodeId>> groups) {
    return client.ask(new ShardsCall.Join(new TreeMap<>(groups)));
  }

  /** Removes groups; their slots go to the others. */
  public CompletableFuture<ClusterView> leave(Set<GroupId> groups) {
    return client.ask(new ShardsCall.Leave(new TreeSet<>(groups)));
  }

  /** Gives one slot to one group, whatever that does to the balance. */
  public CompletableFuture<ClusterView> move(Slot slot, GroupId group) {
    return client.ask(new ShardsCall.Move(slot, group));
  }

  /** Moves as few slots as it takes to be balanced again. */
  public CompletableFuture<ClusterView> rebalance() {
    return client.ask(new ShardsCall.Rebalance());
  }
}
