package dev.ostrakon.protocol;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.NodeId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration, and where its nodes listen.
 *
 * @param addresses {@code host:port} of the nodes of the cluster, as far as known
 * @param changed whether the call that asked made this configuration
 */
public record ClusterView(
    Configuration configuration, SortedMap<NodeId, String> addresses, boolean changed) {
  /** Copies the map. */
  public ClusterView {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }
}
