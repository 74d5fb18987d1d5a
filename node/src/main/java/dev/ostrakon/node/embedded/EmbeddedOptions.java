package dev.ostrakon.node.embedded;

import dev.ostrakon.node.settings.ServingSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The shape of an embedded cluster.
 *
 * @param nodes how many nodes, named n1, n2 and so on
 * @param groups shard groups
 * @param replicas nodes that hold each group
 * @param slots hash buckets of keys, a power of two
 * @param folder holds a folder for each node and is kept; null for a temporary one, deleted at the
 *     end
 * @param cuttableLinks whether the links between nodes can be cut, which costs a copy of all that
 *     they carry
 * @param adminEndpoints whether each node has an admin endpoint
 * @param serving how each node serves
 */
public record EmbeddedOptions(
    int nodes,
    int groups,
    int replicas,
    int slots,
    @Nullable Path folder,
    boolean cuttableLinks,
    boolean adminEndpoints,
    ServingSettings serving) {

  /** Three nodes, three groups of three, 256 slots, in a temporary folder. */
  public static final EmbeddedOptions DEFAULTS =
      new EmbeddedOptions(3, 3, 3, 256, null, false, false, ServingSettings.DEFAULTS);

  /** Requires a cluster that can be. */
  public EmbeddedOptions {
    if (nodes < 1 || replicas < 1 || replicas > nodes || groups < 1) {
      throw new IllegalArgumentException(
          "expected 1 <= replicas <= nodes and 1 <= groups, were replicas="
              + replicas
              + " nodes="
              + nodes
              + " groups="
              + groups);
    }
  }

  /** So many nodes, each group on all of them up to three. */
  public EmbeddedOptions withNodes(int newNodes) {
    return new EmbeddedOptions(
        newNodes,
        groups,
        Math.min(3, newNodes),
        slots,
        folder,
        cuttableLinks,
        adminEndpoints,
        serving);
  }

  /** So many shard groups. */
  public EmbeddedOptions withGroups(int newGroups) {
    return new EmbeddedOptions(
        nodes, newGroups, replicas, slots, folder, cuttableLinks, adminEndpoints, serving);
  }

  /** In this folder, which is kept. */
  public EmbeddedOptions withFolder(Path newFolder) {
    return new EmbeddedOptions(
        nodes, groups, replicas, slots, newFolder, cuttableLinks, adminEndpoints, serving);
  }

  /** With links that can be cut. */
  public EmbeddedOptions withCuttableLinks() {
    return new EmbeddedOptions(
        nodes, groups, replicas, slots, folder, true, adminEndpoints, serving);
  }

  /** With an admin endpoint on each node. */
  public EmbeddedOptions withAdminEndpoints() {
    return new EmbeddedOptions(
        nodes, groups, replicas, slots, folder, cuttableLinks, true, serving);
  }

  /** With so many event loops a node. */
  public EmbeddedOptions withEventLoops(int newEventLoops) {
    return withServing(serving.withEventLoops(newEventLoops));
  }

  /** With nodes that serve so. */
  public EmbeddedOptions withServing(ServingSettings newServing) {
    return new EmbeddedOptions(
        nodes, groups, replicas, slots, folder, cuttableLinks, adminEndpoints, newServing);
  }
}
