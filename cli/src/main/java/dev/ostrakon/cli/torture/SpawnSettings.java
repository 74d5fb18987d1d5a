package dev.ostrakon.cli.torture;

import java.nio.file.Path;
import java.util.Set;

/**
 * The nodes that a torture starts.
 *
 * @param groups shard groups
 * @param heap of each node, as java's -Xmx takes it
 * @param folder takes their data and logs
 * @param faults what goes wrong with them
 */
public record SpawnSettings(int nodes, int groups, String heap, Path folder, Set<Fault> faults) {
  /** The heap of a node unless another one is given. */
  public static final String DEFAULT_HEAP = "512m";

  public SpawnSettings {
    faults = Set.copyOf(faults);
  }
}
