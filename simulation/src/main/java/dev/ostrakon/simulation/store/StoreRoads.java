package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.engine.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Carries what coordinators ask of participants over the network of the cluster. */
final class StoreRoads implements StoreHost.Roads {

  /** Sees every call before it leaves. */
  interface Gate {
    /** Lets everything pass. */
    Gate OPEN = (from, node, ask) -> true;

    /** Whether a call leaves; whoever holds one back may {@link #carry} it later. */
    boolean passes(StoreHost from, int node, StoreHost.Ask ask);
  }

  private final Cluster<BatchResult, StoreMachine> cluster;
  private final StoreFactory factory;
  private final Map<Integer, List<Integer>> nodes = new TreeMap<>();
  private final Trace trace;
  private Gate gate = Gate.OPEN;

  StoreRoads(Cluster<BatchResult, StoreMachine> cluster, StoreFactory factory) {
    this.cluster = cluster;
    this.factory = factory;
    this.trace = cluster.simulator().trace();
    for (GroupShape shape : cluster.shape().groups()) {
      nodes.put(shape.group(), shape.nodes());
    }
  }

  /** From now on this decides what passes. */
  void guard(Gate guarding) {
    gate = guarding;
  }

  @Override
  public List<Integer> nodesOf(int group) {
    return nodes.getOrDefault(group, List.of());
  }

  @Override
  public Optional<Integer> leaderKnownOn(int node, int group) {
    return lifeOf(group, node)
        .map(life -> life.replica().status().leader())
        .filter(leader -> !leader.isNone())
        .map(GroupShape::nodeOf);
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
    if (trace.isRead()) {
      trace.line("n" + from.node() + " asks g" + ask.group() + "/" + node + " " + ask.call());
    }
    if (gate.passes(from, node, ask)) {
      carry(from, node, ask);
    }
  }

  @Override
  public void tellTime(StoreHost from) {
    StoreHost.Reading reading = from.reading();
    nodes.values().stream()
        .filter(members -> members.contains(from.node()))
        .flatMap(List::stream)
        .filter(node -> node != from.node())
        .distinct()
        .forEach(node -> tellTime(from, node, reading));
  }

  private void tellTime(StoreHost from, int node, StoreHost.Reading reading) {
    cluster
        .network()
        .send(
            from.node(),
            node,
            0,
            () -> {
              if (!cluster.refuses(from.node(), node)) {
                factory
                    .hostOn(node)
                    .ifPresent(host -> host.process().run(() -> host.told(reading)));
              }
            });
  }

  /** Puts a call on the network, whatever the gate says. */
  void carry(StoreHost from, int node, StoreHost.Ask ask) {
    long carried = from.reading().carriedMillis();
    cluster
        .network()
        .send(
            from.node(),
            node,
            0,
            () -> {
              factory.hostOn(node).ifPresent(host -> host.toldCarried(from.node(), carried));
              arrive(from, node, ask);
            });
  }

  private void arrive(StoreHost from, int node, StoreHost.Ask ask) {
    if (cluster.refuses(from.node(), node)) {
      return;
    }
    lifeOf(ask.group(), node)
        .ifPresent(life -> life.process().run(() -> participate(life, from, node, ask)));
  }

  private void participate(
      Life<BatchResult, StoreMachine> life, StoreHost from, int node, StoreHost.Ask ask) {
    life.machine()
        .front()
        .participate(
            ask.call(),
            life.process().nowNanos() + ask.nanosLeft(),
            answer -> reply(life, from, node, ask, answer));
  }

  private void reply(
      Life<BatchResult, StoreMachine> life,
      StoreHost from,
      int node,
      StoreHost.Ask ask,
      ParticipantAnswer answer) {
    if (life.process().isAlive()) {
      if (trace.isRead()) {
        trace.line(
            "g"
                + ask.group()
                + "/"
                + node
                + " tells n"
                + from.node()
                + " of "
                + ask.call().kind()
                + ": "
                + answer);
      }
      long carried = factory.hostOn(node).map(host -> host.reading().carriedMillis()).orElse(0L);
      cluster
          .network()
          .send(
              node,
              from.node(),
              0,
              () -> from.process().run(() -> take(from, node, carried, ask, answer)));
    }
  }

  private static void take(
      StoreHost from, int node, long carried, StoreHost.Ask ask, ParticipantAnswer answer) {
    from.toldCarried(node, carried);
    ask.listener().accept(answer);
  }
}
