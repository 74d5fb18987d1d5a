package dev.ostrakon.node.settings;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slots;
import dev.ostrakon.storage.StorageConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all nodes of a cluster agree on at its first start, and keep: replicas that disagreed on one
 * of these would go different ways.
 *
 * @param clusterId names the cluster; a node talks to nodes of the same one only
 * @param nodes all nodes, ascending
 * @param groups shard groups, numbered from 1
 * @param replicas nodes that hold each shard group
 * @param slots hash buckets of keys
 * @param limits what one request may ask for
 * @param windowMillis how long the result of a request is remembered after its first sending
 * @param horizonMillis how far behind a group's clock a transaction may come
 * @param pendingMax transactions that may wait in one group
 */
public record ClusterPlan(
    String clusterId,
    SortedSet<NodeId> nodes,
    int groups,
    int replicas,
    int slots,
    Limits limits,
    long windowMillis,
    long horizonMillis,
    int pendingMax) {

  /** The most nodes that hold the controller: more would only make its decisions slower. */
  private static final int CONTROLLER_NODES_MAX = 5;

  private static final int CLUSTER_ID_CHARACTERS_MAX = 200;
  private static final int NODES_NAMED_MAX = 16;
  private static final int GROUPS_MAX = 4096;
  private static final int NUMBER_CHARACTERS = 20;

  /** Copies the nodes. */
  public ClusterPlan {
    nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
  }

  /** One sentence for each rule that is broken; empty if the plan can be used. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    if (clusterId.isBlank() || clusterId.length() > CLUSTER_ID_CHARACTERS_MAX) {
      violations.add(
          "cluster-id has 1 to " + CLUSTER_ID_CHARACTERS_MAX + " characters, was " + clusterId);
    }
    if (groups < 1 || groups > GROUPS_MAX) {
      violations.add("groups is in 1.." + GROUPS_MAX + ", was " + groups);
    }
    if (replicas < 1 || replicas > nodes.size()) {
      violations.add(
          "replicas is in 1.." + nodes.size() + ", the number of peers, was " + replicas);
    }
    if (slots < 1 || slots > Slots.COUNT_MAX || Integer.bitCount(slots) != 1) {
      violations.add("slots is a power of two in 1.." + Slots.COUNT_MAX + ", was " + slots);
    } else if (slots < groups) {
      violations.add("slots is at least groups=" + groups + ", was " + slots);
    }
    if (limits.valueBytesMax() < NUMBER_CHARACTERS) {
      violations.add(
          "value-bytes-max is at least "
              + NUMBER_CHARACTERS
              + ", the text of a number, was "
              + limits.valueBytesMax());
    }
    if (EntryCapacity.entryBytesMost(limits) > StorageConfig.DEFAULTS.entryBytesMax()) {
      violations.add(
          "txn-bytes-max is at most "
              + EntryCapacity.txnBytesMost(limits)
              + " with txn-operations-max="
              + limits.txnOperationsMax()
              + ", so that a transaction fits into an entry of the log, was "
              + limits.txnBytesMax());
    }
    if (limits.txnBytesMax() < (long) limits.keyBytesMax() + limits.valueBytesMax()) {
      violations.add(
          "txn-bytes-max is at least key-bytes-max + value-bytes-max="
              + ((long) limits.keyBytesMax() + limits.valueBytesMax())
              + ", was "
              + limits.txnBytesMax());
    }
    requirePositive(violations, "window-millis", windowMillis);
    requirePositive(violations, "horizon-millis", horizonMillis);
    requirePositive(violations, "pending-max", pendingMax);
    return violations;
  }

  private static void requirePositive(List<String> violations, String name, long value) {
    if (value < 1) {
      violations.add(name + " is positive, was " + value);
    }
  }

  /** The nodes that hold the controller: the first few. */
  public List<NodeId> controllerNodes() {
    return nodes.stream().limit(CONTROLLER_NODES_MAX).toList();
  }

  /**
   * The nodes of a shard group, the one that had best lead it first: consecutive nodes, each group
   * beginning one further, so that replicas and leaders are spread.
   */
  public List<NodeId> nodesOf(GroupId group) {
    List<NodeId> all = List.copyOf(nodes);
    List<NodeId> chosen = new ArrayList<>(replicas);
    for (int i = 0; i < replicas; i++) {
      chosen.add(all.get((int) ((group.number() - 1 + i) % all.size())));
    }
    return chosen;
  }

  /** The most shard groups that have a replica on one node. */
  public int groupsOfNode() {
    long all = (long) groups * replicas;
    return (int) ((all + nodes.size() - 1) / nodes.size());
  }

  /** The nodes of all shard groups, ascending by group. */
  public SortedMap<GroupId, List<NodeId>> shardGroups() {
    SortedMap<GroupId, List<NodeId>> result = new TreeMap<>();
    for (int number = 1; number <= groups; number++) {
      GroupId group = new GroupId(number);
      result.put(group, nodesOf(group));
    }
    return result;
  }

  /**
   * The plan in words, for the greeting between nodes and for people: nodes whose plans differ
   * refuse each other, and this says in what.
   */
  public String describe() {
    return clusterId
        + " nodes="
        + describeNodes()
        + " groups="
        + groups
        + " replicas="
        + replicas
        + " slots="
        + slots
        + " key-bytes-max="
        + limits.keyBytesMax()
        + " value-bytes-max="
        + limits.valueBytesMax()
        + " txn-keys-max="
        + limits.txnKeysMax()
        + " txn-bytes-max="
        + limits.txnBytesMax()
        + " txn-operations-max="
        + limits.txnOperationsMax()
        + " window-millis="
        + windowMillis
        + " horizon-millis="
        + horizonMillis
        + " pending-max="
        + pendingMax;
  }

  private String describeNodes() {
    List<String> names = nodes.stream().map(NodeId::name).toList();
    return names.size() <= NODES_NAMED_MAX
        ? String.join(",", names)
        : names.size() + "#" + Integer.toHexString(names.hashCode());
  }
}
