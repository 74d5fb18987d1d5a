package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.List;
import java.util.Optional;

/** Carries what coordinators ask of participants over the network of the cluster. */
final class StoreRoads implements StoreHost.Roads {

  private final Cluster<BatchResult, StoreMachine> cluster;

  StoreRoads(Cluster<BatchResult, StoreMachine> cluster) {
    this.cluster = cluster;
  }

  @Override
  public List<Integer> nodesOf(int group) {
    return cluster.shape().groups().stream()
        .filter(shape -> shape.group() == group)
        .findFirst()
        .map(GroupShape::nodes)
        .orElseThrow();
  }

  /** The replica of a group on a node while the node is up. */
  Optional<Life<BatchResult, StoreMachine>> lifeOf(int group, int node) {
    return cluster.node(node).members().stream()
        .filter(member -> member.group() == group)
        .findFirst()
        .flatMap(Member::life);
  }

  @Override
  public void ask(StoreHost from, int node, StoreHost.Ask ask) {
    cluster.network().send(from.node(), node, 0, () -> arrive(from, node, ask));
  }

  private void arrive(StoreHost from, int node, StoreHost.Ask ask) {
    lifeOf(ask.group(), node)
        .ifPresent(
            life ->
                life.process()
                    .run(
                        () ->
                            life.machine()
                                .front()
                                .participate(
                                    ask.call(),
                                    life.process().nowNanos() + ask.nanosLeft(),
                                    answer -> reply(life, from, node, ask, answer))));
  }

  private void reply(
      Life<BatchResult, StoreMachine> life,
      StoreHost from,
      int node,
      StoreHost.Ask ask,
      ParticipantAnswer answer) {
    if (life.process().isAlive()) {
      cluster
          .network()
          .send(
              node, from.node(), 0, () -> from.process().run(() -> ask.listener().accept(answer)));
    }
  }
}
