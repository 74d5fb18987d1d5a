package dev.ostrakon.protocol;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, for operators.
 *
 * @param address where it listens, {@code host:port}
 * @param clock how its clocks differ
 * @param configurationNumber the newest configuration that it knows
 * @param replicas ascending by group
 * @param peers ascending by node
 * @param moves slots on their way to or from its groups, ascending by slot
 * @param counters what has happened since the node started, by name, such as {@link #TXN_DECIDED}
 */
public record NodeStatus(
    String clusterId,
    NodeId node,
    String address,
    String softwareVersion,
    long uptimeMillis,
    Clock clock,
    long configurationNumber,
    List<Replica> replicas,
    List<Peer> peers,
    List<Move> moves,
    SortedMap<String, Long> counters) {

  /** Counts the transactions over several groups that this node's coordinators have decided. */
  public static final String TXN_DECIDED = "txn_decided";

  /** Counts those of them that were decided in one round, at the proposed timestamp. */
  public static final String TXN_DECIDED_FAST = "txn_decided_fast";

  /** How many transactions this node is recovering now. */
  public static final String TXN_RECOVERING = "txn_recovering";

  /** Before a group's number: of how many of those that group has still to answer. */
  public static final String TXN_RECOVERING_WAITS_FOR_GROUP = "txn_recovering_waits_for_group_";

  /**
   * Before the number of a group that this node leads: how many transactions over several groups
   * have no outcome in it yet.
   */
  public static final String TXN_UNFINISHED_IN_GROUP = "txn_unfinished_in_group_";

  /** Copies the lists and the map. */
  public NodeStatus {
    replicas = List.copyOf(replicas);
    peers = List.copyOf(peers);
    moves = List.copyOf(moves);
    counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
  }

  /** A status without counters. */
  public NodeStatus(
      String clusterId,
      NodeId node,
      String address,
      String softwareVersion,
      long uptimeMillis,
      Clock clock,
      long configurationNumber,
      List<Replica> replicas,
      List<Peer> peers,
      List<Move> moves) {
    this(
        clusterId,
        node,
        address,
        softwareVersion,
        uptimeMillis,
        clock,
        configurationNumber,
        replicas,
        peers,
        moves,
        Collections.emptySortedMap());
  }

  /** The same, with these counters. */
  public NodeStatus withCounters(SortedMap<String, Long> newCounters) {
    return new NodeStatus(
        clusterId,
        node,
        address,
        softwareVersion,
        uptimeMillis,
        clock,
        configurationNumber,
        replicas,
        peers,
        moves,
        newCounters);
  }

  /**
   * How the clocks of a node differ, in milliseconds.
   *
   * @param driftMillis how far its hybrid clock is ahead of its time
   * @param errorMillis how far its machine's clock is ahead of what the clocks of all nodes allow
   * @param leadMillis how far its time is ahead of the nodes' clocks, because what is replicated
   *     does not go back
   */
  public record Clock(long driftMillis, long errorMillis, long leadMillis) {
    /** All clocks agree. */
    public static final Clock RIGHT = new Clock(0, 0, 0);

    /** Requires a lead that is not negative. */
    public Clock {
      if (leadMillis < 0) {
        throw new IllegalArgumentException("leadMillis must not be negative, was " + leadMillis);
      }
    }
  }

  /** The roles of a replica. */
  public enum Role {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER,
    LEARNER
  }

  /** Where the log of a replica stands: its first and last index, and what of it is done. */
  public record LogPosition(
      long firstIndex, long lastIndex, long commitIndex, long appliedIndex, long checkpointIndex) {}

  /**
   * One replica that the node hosts.
   *
   * @param leader null if none is known
   * @param configurationNumber the configuration that the group has adopted
   * @param stopped why it stopped; empty if it runs
   * @param problem what keeps it from taking part though it runs; empty if nothing does
   */
  public record Replica(
      GroupId group,
      Role role,
      long term,
      @Nullable NodeId leader,
      LogPosition log,
      int slotCount,
      long keyCount,
      long configurationNumber,
      String stopped,
      String problem) {}

  /**
   * How the node sees another one.
   *
   * @param clockOffsetMillis how far the other's clock was ahead when it was last heard of
   */
  public record Peer(NodeId node, String address, boolean connected, long clockOffsetMillis) {}

  /** How far a moving slot has come. */
  public enum MoveState {
    /** The bulk is copied while the source still serves. */
    COPYING,
    /** The source serves no more and drains what is pending. */
    FROZEN,
    /** The destination logs what arrives. */
    INSTALLING,
    /** The destination serves; the source deletes. */
    DELETING
  }

  /** A slot on its way. */
  public record Move(
      Slot slot,
      GroupId from,
      GroupId to,
      long configurationNumber,
      MoveState state,
      long bytesMoved) {}
}
