package dev.ostrakon.simulation.store;

import dev.ostrakon.simulation.RunPlan;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import java.util.ArrayList;
import java.util.List;

/** The plan of a seed, made to fit the store: two or three groups, and less time for faults. */
final class StorePlan {

  /** Store runs do more work in a unit than those of bare Raft, so they are shorter. */
  private static final double LENGTH_SHARE = 0.3;

  private static final int GROUPS_MAX = 3;

  private StorePlan() {}

  static RunPlan draw(long seed) {
    RunPlan plan = RunPlan.draw(seed);
    ClusterShape shape = plan.shape();
    List<GroupShape> groups = new ArrayList<>(shape.groups());
    while (groups.size() > GROUPS_MAX) {
      groups.remove(groups.size() - 1);
    }
    if (groups.size() == 1) {
      groups.add(GroupShape.founded(2, groups.get(0).nodes()));
    }
    ClusterShape fitting =
        new ClusterShape(
            shape.nodeCount(),
            groups,
            shape.config(),
            shape.network(),
            shape.disk(),
            shape.stateStore(),
            shape.driftPpmMax());
    return new RunPlan(
        seed, fitting, plan.workload(), plan.faults(), plan.faultUnits() * LENGTH_SHARE);
  }
}
