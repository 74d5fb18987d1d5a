package dev.ostrakon.simulation.fault;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.Role;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.cluster.SimulatedNode;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.ReplicaDisk;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults themselves: each begins, and ends by itself or by {@link #healAll}. */
final class FaultActions {

  private record Link(int from, int to) {}

  private final Cluster<?, ?> cluster;
  private final FaultProfile profile;
  private final RandomSource random;
  private final RandomSource disconnections;
  private final FaultCounts counts = new FaultCounts();

  /** Counts the healings: what was scheduled before one does not happen after it. */
  private int era;

  private long ordersArriveNanos;
  private boolean hasReplacedDisk;

  FaultActions(Cluster<?, ?> cluster, FaultProfile profile, RandomSource random) {
    this.cluster = cluster;
    this.profile = profile;
    this.random = random;
    this.disconnections = random.fork("disconnections");
  }

  FaultCounts counts() {
    return counts;
  }

  /** Runs something later, unless everything was healed by then. */
  void later(double units, Runnable action) {
    int scheduledIn = era;
    cluster
        .simulator()
        .after(
            (long) (units * profile.unitNanos()),
            () -> {
              if (scheduledIn == era) {
                action.run();
              }
            });
  }

  int anyNode() {
    return random.nextInt(cluster.shape().nodeCount());
  }

  /** The node of some group's leader, if one thinks that it leads; else any node. */
  int leaderNode() {
    List<Integer> leaders = new ArrayList<>();
    for (Member<?, ?> member : cluster.members()) {
      if (member.life().filter(FaultActions::leads).isPresent()) {
        leaders.add(member.node());
      }
    }
    return leaders.isEmpty() ? anyNode() : leaders.get(random.nextInt(leaders.size()));
  }

  /** Whether a member on this node thinks that it leads. */
  boolean isLeading(int node) {
    return cluster.node(node).members().stream()
        .anyMatch(member -> member.life().filter(FaultActions::leads).isPresent());
  }

  private static boolean leads(Life<?, ?> life) {
    return life.replica().status().role() == Role.LEADER;
  }

  void crash(int node) {
    boolean quick = random.chance(profile.quickRestartChance());
    crash(node, quick ? random.nextDouble() * 0.1 : random.nextDouble() * profile.downUnitsMax());
  }

  void crashBriefly(int node) {
    crash(node, random.nextDouble() * 0.05);
  }

  void crash(int node, double downUnits) {
    if (cluster.node(node).isUp()) {
      counts.crashed();
      cluster.crash(node);
      later(downUnits, () -> restart(node));
    }
  }

  void crashAll() {
    for (int node = 0; node < cluster.shape().nodeCount(); node++) {
      crash(node);
    }
  }

  void restart(int node) {
    if (!cluster.node(node).isUp()) {
      counts.restarted();
      cluster.start(node);
    }
  }

  void freeze(int node) {
    freeze(node, 0.1 + random.nextDouble() * 4);
  }

  private void freeze(int node, double units) {
    if (cluster.node(node).isUp() && !cluster.node(node).isFrozen()) {
      counts.paused();
      cluster.freeze(node);
      later(units, () -> cluster.thaw(node));
    }
  }

  void split() {
    List<Integer> one = new ArrayList<>();
    List<Integer> other = new ArrayList<>();
    for (int node = 0; node < cluster.shape().nodeCount(); node++) {
      (random.chance(0.5) ? one : other).add(node);
    }
    List<Link> links = new ArrayList<>();
    for (int a : one) {
      for (int b : other) {
        links.add(new Link(a, b));
        links.add(new Link(b, a));
      }
    }
    cut(links, drawCutUnits());
  }

  void isolate(int node) {
    isolate(node, drawCutUnits());
  }

  void isolate(int node, double units) {
    List<Link> links = linksInto(node);
    links.addAll(linksOutOf(node));
    cut(links, units);
  }

  void isolateStepwise(int node) {
    double rest = drawCutUnits();
    double begin = 0;
    for (int other : shuffledOthers(node)) {
      List<Link> links = List.of(new Link(node, other), new Link(other, node));
      double units = rest + 4 - begin;
      later(begin, () -> cut(links, units));
      if (begin > 0 && random.chance(0.6)) {
        later(begin + random.nextDouble() * 0.4, () -> crashBriefly(other));
      }
      begin = Math.min(4, begin + random.nextDouble() * 2);
    }
  }

  private List<Integer> shuffledOthers(int node) {
    List<Integer> left = new ArrayList<>();
    linksInto(node).forEach(link -> left.add(link.from()));
    List<Integer> shuffled = new ArrayList<>();
    while (!left.isEmpty()) {
      shuffled.add(left.remove(random.nextInt(left.size())));
    }
    return shuffled;
  }

  /** Slowly enough for the leader not to notice a gap. */
  void lateAnswers(int node) {
    int steps = 4 + random.nextInt(6);
    for (int i = 1; i <= steps; i++) {
      double units = i * 0.5;
      later(units, () -> slowInto(node, (long) (units * profile.unitNanos())));
    }
    double blow = steps * 0.5 + 0.2 + random.nextDouble();
    if (random.chance(0.5)) {
      later(blow, () -> cut(linksOutOf(node), drawCutUnits()));
    } else {
      later(blow, () -> freeze(node, 1 + random.nextDouble() * 0.4 * steps));
    }
    later(blow + 0.5 * steps, () -> slowInto(node, 0));
  }

  private void slowInto(int node, long extra) {
    for (Link link : linksInto(node)) {
      cluster.network().slowDown(link.from(), link.to(), extra);
    }
  }

  void deafenOrMute(int node) {
    cut(random.chance(0.5) ? linksInto(node) : linksOutOf(node), drawCutUnits());
  }

  void flap() {
    int a = anyNode();
    int b = anyNode();
    if (a != b) {
      for (int i = 0; i < 6; i++) {
        later(i * 0.8, () -> cut(List.of(new Link(a, b), new Link(b, a)), 0.4));
      }
    }
  }

  private double drawCutUnits() {
    return random.chance(0.7) ? 0.5 + random.nextDouble() * 4 : 4 + random.nextDouble() * 12;
  }

  private List<Link> linksInto(int node) {
    List<Link> links = new ArrayList<>();
    for (int other = 0; other < cluster.shape().nodeCount(); other++) {
      if (other != node) {
        links.add(new Link(other, node));
      }
    }
    return links;
  }

  private List<Link> linksOutOf(int node) {
    List<Link> links = new ArrayList<>();
    linksInto(node).forEach(link -> links.add(new Link(link.to(), link.from())));
    return links;
  }

  private void cut(List<Link> links, double units) {
    counts.partitioned();
    note("cut " + links);
    links.forEach(link -> cluster.network().cut(link.from(), link.to()));
    maybeDisconnect(links);
    later(units, () -> links.forEach(link -> cluster.network().mend(link.from(), link.to())));
  }

  /** A connection may break whatever its network is like; nobody may be harmed by that. */
  private void maybeDisconnect(List<Link> links) {
    for (Link link : links) {
      if (disconnections.chance(0.3)) {
        cluster.breakConnection(link.from(), link.to());
      }
    }
  }

  void slowLinks(int node) {
    long extra = (long) (random.nextDouble() * profile.unitNanos());
    note("slow n" + node + " by " + extra + " ns");
    slow(node, extra);
    later(random.nextDouble() * 6, () -> slow(node, 0));
  }

  private void slow(int node, long extra) {
    slowInto(node, extra);
    maybeDisconnect(linksOutOf(node));
    for (Link link : linksOutOf(node)) {
      cluster.network().slowDown(link.from(), link.to(), extra);
    }
  }

  void stallDisk(int node) {
    counts.diskFailed();
    note("stall disk of n" + node);
    cluster.node(node).disk().stall((long) (random.nextDouble() * 6 * profile.unitNanos()));
  }

  /** Without an error; so long that the replicas have to do without it. */
  void hangDisk() {
    int node = random.chance(0.7) ? leaderNode() : anyNode();
    counts.diskFailed();
    note("hang disk of n" + node);
    cluster.node(node).disk().stall((long) ((3 + random.nextDouble() * 12) * profile.unitNanos()));
  }

  /** The replicas meet the failure with their next write, stop, and the node restarts later. */
  void breakDisk(int node) {
    if (cluster.node(node).isUp()) {
      counts.diskFailed();
      note("break disk of n" + node);
      cluster.node(node).disk().breakDown();
      later(0.5 + random.nextDouble() * 3, () -> crash(node));
    }
  }

  /** What it held a while ago comes back, or nothing does. */
  void replaceDisk(int node) {
    if (hasReplacedDisk || !isDispensable(node)) {
      return;
    }
    hasReplacedDisk = true;
    List<ReplicaDisk.Copy> copies = new ArrayList<>();
    boolean isWiped = random.chance(0.5);
    for (Member<?, ?> member : cluster.node(node).members()) {
      copies.add(isWiped ? ReplicaDisk.Copy.blank() : member.disk().copy());
    }
    later(isWiped ? 0 : 2 + random.nextDouble() * 10, () -> replaceDisk(node, copies));
  }

  private void replaceDisk(int node, List<ReplicaDisk.Copy> copies) {
    if (cluster.node(node).isUp()) {
      counts.crashed();
      cluster.crash(node);
    }
    counts.diskFailed();
    cluster.replaceDisk(node, copies);
    later(random.nextDouble() * 2, () -> restart(node));
  }

  private boolean isDispensable(int node) {
    return cluster.shape().groups().stream()
        .filter(group -> group.nodes().contains(node))
        .allMatch(
            group -> group.newcomer().isEmpty() && group.nodes().size() - 1 >= group.quorum());
  }

  void outrun(int leader) {
    for (SimulatedNode<?, ?> node : cluster.nodes()) {
      changeDrift(node, node.index() == leader ? -profile.driftPpmMax() : profile.driftPpmMax());
    }
    later(random.nextDouble() * 2, () -> isolate(leader));
  }

  private void changeDrift(SimulatedNode<?, ?> node, long drift) {
    note("drift of n" + node.index() + " " + drift + " ppm");
    node.clock().changeDrift(drift);
  }

  /** Half of the times to the very bounds, where a margin that is too small shows. */
  void drift() {
    boolean extremes = random.chance(0.5);
    for (SimulatedNode<?, ?> node : cluster.nodes()) {
      long bound = profile.driftPpmMax();
      long drift =
          extremes ? (random.chance(0.5) ? bound : -bound) : random.nextLong(-bound, bound + 1);
      changeDrift(node, drift);
    }
  }

  /** Soon, so that the leader has reached some of the others with something, or nobody. */
  void disturbNewLeader(int node) {
    double within = random.chance(0.4) ? 0.1 : random.chance(0.6) ? 0.5 : 2;
    double units = random.nextDouble() * within;
    switch (random.nextInt(7)) {
      case 0 -> later(units, () -> freeze(node));
      case 1 -> later(units, () -> deafenOrMute(node));
      case 2 -> later(units, () -> isolate(node));
      case 3, 4 -> {
        List<Link> links = linksOutOf(node);
        if (!links.isEmpty()) {
          links.remove(random.nextInt(links.size()));
        }
        later(random.chance(0.5) ? 0 : units * random.nextDouble(), () -> cut(links, 2 * units));
        later(units, () -> crash(node));
      }
      default -> later(units, () -> crash(node));
    }
  }

  /** The order to campaign is just being sent: what is done to its link concerns it already. */
  void disturbHandOver(int leader, int target) {
    if (random.chance(0.3)) {
      later(random.nextDouble() * 0.1, () -> isolate(leader));
    } else {
      double delay = 1.1 + random.nextDouble() * 1.5;
      ordersArriveNanos = cluster.simulator().nowNanos() + (long) (delay * profile.unitNanos());
      List<Link> links = linksInto(leader);
      linksOutOf(leader).stream().filter(link -> link.to() != target).forEach(links::add);
      later(delay - random.nextDouble() * 0.3, () -> cut(links, drawCutUnits()));
      holdOrderBack(leader, target);
    }
  }

  /** Whether an order to campaign is on its way for long, and its repetitions must not pass it. */
  boolean holdsOrdersBack() {
    return cluster.simulator().nowNanos() < ordersArriveNanos;
  }

  void holdOrderBack(int leader, int target) {
    long delay = ordersArriveNanos - cluster.simulator().nowNanos();
    cluster.network().slowDown(leader, target, delay);
    later(0, () -> cluster.network().slowDown(leader, target, 0));
  }

  void transfer() {
    int node = leaderNode();
    for (Member<?, ?> member : cluster.node(node).members()) {
      List<Integer> nodes = member.shape().nodes();
      int target = nodes.get(random.nextInt(nodes.size()));
      Optional<? extends Life<?, ?>> life = member.life().filter(FaultActions::leads);
      if (target != node && life.isPresent()) {
        counts.transferred();
        note("transfer " + member + " to " + target);
        Life<?, ?> leader = life.get();
        leader
            .process()
            .run(() -> leader.replica().transferLeadership(GroupShape.replicaOn(target)));
      }
    }
  }

  /** Every leader is asked to hand over to a node that goes down in the same instant. */
  void transferTo(List<Integer> down) {
    for (Member<?, ?> member : cluster.members()) {
      Optional<? extends Life<?, ?>> life = member.life().filter(FaultActions::leads);
      Optional<Integer> target =
          member.shape().nodes().stream()
              .filter(node -> node != member.node() && down.contains(node))
              .findFirst();
      if (life.isPresent() && target.isPresent() && !down.contains(member.node())) {
        counts.transferred();
        Life<?, ?> leader = life.get();
        leader
            .process()
            .run(() -> leader.replica().transferLeadership(GroupShape.replicaOn(target.get())));
      }
    }
  }

  void changeWeather() {
    NetworkProfile weather = profile.weathers().get(random.nextInt(profile.weathers().size()));
    note("weather " + weather);
    cluster.network().changeProfile(weather);
  }

  private void note(String text) {
    cluster.simulator().trace().line(text);
  }

  /** Mends everything except that the nodes in {@code down} stay down for now. */
  void healAll(List<Integer> down) {
    era++;
    note("heal, down " + down);
    SimulatedNetwork network = cluster.network();
    network.changeProfile(NetworkProfile.GOOD);
    for (int from = 0; from < network.endpointCount(); from++) {
      for (int to = 0; to < network.endpointCount(); to++) {
        network.slowDown(from, to, 0);
        while (network.isCut(from, to)) {
          network.mend(from, to);
        }
      }
    }
    for (SimulatedNode<?, ?> node : cluster.nodes()) {
      healNode(node, down.contains(node.index()));
    }
  }

  private void healNode(SimulatedNode<?, ?> node, boolean staysDown) {
    node.disk().changeProfile(DiskProfile.GOOD);
    boolean stopped =
        node.members().stream()
            .anyMatch(
                member -> member.life().filter(life -> life.replica().isStopped()).isPresent());
    if (node.isUp() && (staysDown || stopped || node.disk().isBroken())) {
      counts.crashed();
      cluster.crash(node.index());
    }
    cluster.thaw(node.index());
    if (!staysDown) {
      restart(node.index());
    }
  }
}
