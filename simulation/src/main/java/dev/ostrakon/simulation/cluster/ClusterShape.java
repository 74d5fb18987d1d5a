package dev.ostrakon.simulation.cluster;

import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.StateStoreProfile;
import java.util.List;

/**
 * What a cluster is made of.
 *
 * @param nodeCount machines
 * @param groups groups and where they live
 * @param config the constants of every replica
 * @param network how the links behave at first
 * @param disk how the disks behave at first
 * @param stateStore how the state stores behave
 * @param driftPpmMax every monotonic clock runs within so many millionths of true time
 */
public record ClusterShape(
    int nodeCount,
    List<GroupShape> groups,
    ReplicaConfig config,
    NetworkProfile network,
    DiskProfile disk,
    StateStoreProfile stateStore,
    long driftPpmMax) {
  public ClusterShape {
    groups = List.copyOf(groups);
  }
}
