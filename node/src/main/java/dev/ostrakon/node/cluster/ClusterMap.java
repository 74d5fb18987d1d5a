package dev.ostrakon.node.cluster;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.protocol.ErrorCodec;
import dev.ostrakon.protocol.ServiceError;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of its cluster: perhaps not the newest, which does no harm, for groups
 * refuse what is not theirs. Any thread.
 */
public final class ClusterMap {
  private final NodeId self;
  private final SortedMap<NodeId, String> addresses;
  private final AtomicReference<@Nullable Routes> routes = new AtomicReference<>();
  private final Map<GroupId, NodeId> leaders = new ConcurrentHashMap<>();

  /**
   * Knows no configuration yet.
   *
   * @param addresses where the nodes of the cluster listen, {@code host:port}
   */
  public ClusterMap(NodeId self, SortedMap<NodeId, String> addresses) {
    this.self = self;
    this.addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }

  /** This node. */
  public NodeId self() {
    return self;
  }

  /** Where the nodes of the cluster listen, {@code host:port}. */
  public SortedMap<NodeId, String> addresses() {
    return addresses;
  }

  /** The routes of the newest configuration known; empty while none gives slots to groups. */
  public Optional<Routes> routes() {
    return Optional.ofNullable(routes.get());
  }

  /** The number of the newest configuration known; 0 if there is none. */
  public long configurationNumber() {
    Routes known = routes.get();
    return known == null ? 0 : known.configuration().number();
  }

  /** Learns of a configuration; returns whether it is news. */
  public boolean learn(Configuration configuration) {
    if (configuration.groups().isEmpty()) {
      return false;
    }
    Routes news = new Routes(configuration);
    Routes known = routes.get();
    while (known == null || known.configuration().number() < configuration.number()) {
      if (routes.compareAndSet(known, news)) {
        return true;
      }
      known = routes.get();
    }
    return false;
  }

  /** Who leads a group, as far as is known. */
  public Optional<NodeId> leaderOf(GroupId group) {
    return Optional.ofNullable(leaders.get(group));
  }

  /** Learns who leads a group; empty for nobody. */
  public void learnLeader(GroupId group, Optional<NodeId> leader) {
    leader.ifPresentOrElse(node -> leaders.put(group, node), () -> leaders.remove(group));
  }

  /** The error that tells a client of a refusal. */
  public ServiceError refused(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.WRONG_GROUP
        ? ServiceError.wrongGroup(refusal.detail(), configurationNumber())
        : ErrorCodec.fromRefusal(refusal);
  }

  /** The error that sends a client to the leader of a group, if one is known. */
  public ServiceError notLeader(GroupId group, Optional<NodeId> hint) {
    NodeId leader = hint.or(() -> leaderOf(group)).filter(node -> !node.equals(self)).orElse(null);
    String address = leader == null ? null : addresses.get(leader);
    return ServiceError.notLeader(
        "node " + self + " does not lead group " + group,
        leader == null || address == null ? null : new ServiceError.Leader(leader, address));
  }
}
