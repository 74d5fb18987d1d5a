package dev.ostrakon.protocol;

import dev.ostrakon.model.NodeId;
import java.util.Collection;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many transactions over several groups the nodes of a cluster have decided, and how.
 *
 * @param nodes ascending by node
 */
public record TxnCounts(SortedMap<NodeId, TxnCounts.OfNode> nodes) {
  /** The counts of one node since it started. */
  public record OfNode(long decided, long decidedFast) {}

  /** Copies the map. */
  public TxnCounts {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /** What these nodes say. */
  public static TxnCounts of(Collection<NodeStatus> statuses) {
    SortedMap<NodeId, OfNode> nodes = new TreeMap<>();
    for (NodeStatus status : statuses) {
      nodes.put(
          status.node(),
          new OfNode(
              status.counters().getOrDefault(NodeStatus.TXN_DECIDED, 0L),
              status.counters().getOrDefault(NodeStatus.TXN_DECIDED_FAST, 0L)));
    }
    return new TxnCounts(nodes);
  }

  /**
   * The share of the transactions decided in one round, of those decided since earlier counts;
   * empty if there were none. A node that has restarted meanwhile counts from its start.
   */
  public OptionalDouble fastShareSince(TxnCounts earlier) {
    long decided = 0;
    long fast = 0;
    for (NodeId node : nodes.keySet()) {
      OfNode now = nodes.getOrDefault(node, new OfNode(0, 0));
      OfNode then = earlier.nodes.getOrDefault(node, new OfNode(0, 0));
      boolean restarted = now.decided() < then.decided();
      decided += now.decided() - (restarted ? 0 : then.decided());
      fast += now.decidedFast() - (restarted ? 0 : then.decidedFast());
    }
    return decided == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) fast / decided);
  }
}
