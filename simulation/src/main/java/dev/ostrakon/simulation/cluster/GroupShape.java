package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where the members of a group are.
 *
 * @param group number of the group
 * @param nodes the nodes with a member, ascending
 * @param newcomer a node whose member starts with a blank disk and knows only the others, as
 *     voters, while those start from a checkpoint that says that it votes too: so it learns the
 *     membership in force from a snapshot, and from nothing else
 */
public record GroupShape(int group, List<Integer> nodes, Optional<Integer> newcomer) {

  /** What the founders of a group with a newcomer start from. */
  public static final EntryId FOUNDED_AT = new EntryId(1, 1);

  public GroupShape {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || (newcomer.isPresent() && !nodes.contains(newcomer.get()))) {
      throw new IllegalArgumentException(
          "expected members and the newcomer among them, were " + nodes + " and " + newcomer);
    }
  }

  /** A group whose members all start with blank disks. */
  public static GroupShape founded(int group, List<Integer> nodes) {
    return new GroupShape(group, nodes, Optional.empty());
  }

  /** The replica of this group on a node. */
  public static ReplicaId replicaOn(int node) {
    return new ReplicaId(node + 1L);
  }

  /** The node of a replica. */
  public static int nodeOf(ReplicaId replica) {
    return (int) replica.value() - 1;
  }

  /** The membership in force, on every member that is up to date. */
  public Membership membership() {
    return Membership.ofVoters(nodes.stream().map(GroupShape::replicaOn).toList());
  }

  /** The smallest number of members that decides. */
  public int quorum() {
    return nodes.size() / 2 + 1;
  }

  boolean isNewcomer(int node) {
    return newcomer.isPresent() && newcomer.get() == node;
  }

  /** What the member on this node is told at its first start. */
  Membership bootstrap(int node) {
    if (!isNewcomer(node)) {
      return membership();
    }
    TreeSet<ReplicaId> others = new TreeSet<>(membership().voters());
    others.remove(replicaOn(node));
    return new Membership(others, new TreeSet<>(), new TreeSet<>(List.of(replicaOn(node))));
  }

  /** The checkpoint on the disk of the founders of a group with a newcomer. */
  Optional<SnapshotMetadata> foundation(int node) {
    return newcomer.isEmpty() || isNewcomer(node)
        ? Optional.empty()
        : Optional.of(new SnapshotMetadata(FOUNDED_AT, membership()));
  }
}
