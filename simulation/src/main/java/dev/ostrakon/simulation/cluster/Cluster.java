package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.ReplicaDisk;
import dev.ostrakon.simulation.engine.SimulatedClock;
import dev.ostrakon.simulation.engine.SimulatedDisk;
import dev.ostrakon.simulation.engine.SimulatedNetwork;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.StateImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Nodes, the network between them, and the members of all groups on them.
 *
 * @param <R> the result of a command
 * @param <M> the state machine
 */
public final class Cluster<R, M extends StateMachine<R>> {

  private static final long CLOCK_ORIGIN_MAX_NANOS = 1_000_000_000_000L; // 1,000 s

  private final Simulator simulator;
  private final ClusterShape shape;
  private final RandomSource random;
  private final SimulatedNetwork network;
  private final MachineFactory<M> machines;
  private final PortDecorator decorator;
  private final MemberStarter<R, M> starter;
  private final List<SimulatedNode<R, M>> nodes = new ArrayList<>();
  private final List<Member<R, M>> members = new ArrayList<>();
  private final Observers observers = new Observers();

  /** A cluster whose nodes are all down. */
  public Cluster(
      Simulator simulator,
      ClusterShape shape,
      MachineFactory<M> machines,
      PortDecorator decorator,
      RandomSource random) {
    this.simulator = simulator;
    this.shape = shape;
    this.random = random;
    this.machines = machines;
    this.decorator = decorator;
    this.network =
        new SimulatedNetwork(simulator, shape.nodeCount(), shape.network(), random.fork("network"));
    this.starter =
        new MemberStarter<>(simulator, shape, machines, decorator, observers, this::send);
    for (int node = 0; node < shape.nodeCount(); node++) {
      nodes.add(createNode(node));
    }
    for (GroupShape group : shape.groups()) {
      group.nodes().forEach(node -> createMember(group, nodes.get(node)));
    }
  }

  private SimulatedNode<R, M> createNode(int index) {
    RandomSource own = random.fork("node-" + index);
    long origin = own.nextLong(0, CLOCK_ORIGIN_MAX_NANOS);
    long bound = shape.driftPpmMax();
    long drift =
        own.chance(0.5) ? own.nextLong(-bound, bound + 1) : own.chance(0.5) ? bound : -bound;
    return new SimulatedNode<>(
        index,
        new SimulatedClock(simulator, origin, drift),
        new SimulatedDisk(simulator, shape.disk(), own.fork("disk")));
  }

  private void createMember(GroupShape group, SimulatedNode<R, M> node) {
    StateImage image =
        group
            .foundation(node.index())
            .map(founded -> new StateImage(founded, StateImage.EMPTY.rows()))
            .orElse(StateImage.EMPTY);
    Member<R, M> member = new Member<>(group, node.index(), new ReplicaDisk(node.disk(), image));
    node.add(member);
    members.add(member);
  }

  public void observe(ClusterObserver observer) {
    observers.add(observer);
  }

  public Simulator simulator() {
    return simulator;
  }

  public ClusterShape shape() {
    return shape;
  }

  public SimulatedNetwork network() {
    return network;
  }

  public List<SimulatedNode<R, M>> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public SimulatedNode<R, M> node(int index) {
    return nodes.get(index);
  }

  /** All members, by group and node. */
  public List<Member<R, M>> members() {
    return Collections.unmodifiableList(members);
  }

  public List<Member<R, M>> membersOf(int group) {
    return members.stream().filter(member -> member.group() == group).toList();
  }

  public Optional<Member<R, M>> member(int group, ReplicaId id) {
    return members.stream()
        .filter(member -> member.group() == group && member.id().equals(id))
        .findFirst();
  }

  /** Starts every node that is down. */
  public void startAll() {
    nodes.stream().filter(node -> !node.isUp()).forEach(node -> start(node.index()));
  }

  /** Starts a process on a node that is down; it recovers what the disk holds. */
  public void start(int index) {
    SimulatedNode<R, M> node = nodes.get(index);
    if (node.isUp()) {
      throw new IllegalStateException("node " + index + " is up");
    }
    note("boot n" + index);
    SimulatedProcess process =
        new SimulatedProcess(simulator, node.clock(), () -> observers.afterTask(index));
    int boot = node.begin(process);
    observers.onBoot(index);
    TreeMap<Integer, Life<R, M>> lives = new TreeMap<>();
    process.run(
        () -> {
          for (Member<R, M> member : node.members()) {
            RandomSource own = random.fork("member-" + member.group() + "-" + index + "-" + boot);
            lives.put(member.group(), starter.start(member, process, own));
          }
        });
    process.every(shape.config().raft().tickNanos(), () -> tickAll(node, lives));
  }

  private void tickAll(SimulatedNode<R, M> node, Map<Integer, Life<R, M>> lives) {
    for (Member<R, M> member : node.members()) {
      Life<R, M> life = lives.get(member.group());
      if (life != null) {
        tick(life);
        observers.onTick(member);
      }
    }
  }

  private static <R, M extends StateMachine<R>> void tick(Life<R, M> life) {
    life.replica().tick();
    StateMachine<R> machine = life.machine();
    if (machine instanceof HostedMachine<R> hosted && !life.replica().isStopped()) {
      hosted.tick();
    }
  }

  /** Kills the process of a node; what its disk has not made durable is lost. */
  public void crash(int index) {
    SimulatedNode<R, M> node = nodes.get(index);
    note("crash n" + index);
    node.process().ifPresent(SimulatedProcess::kill);
    node.end();
    node.disk().crash();
    node.members().forEach(Member::end);
    observers.onCrash(index);
    for (int other = 0; other < nodes.size(); other++) {
      if (other != index && !network.isCut(index, other)) {
        breakConnection(index, other);
      }
    }
  }

  /** Tells the members on {@code at} that the connection to node {@code lost} broke. */
  public void breakConnection(int lost, int at) {
    note("disconnect n" + lost + " at n" + at);
    for (Member<R, M> member : nodes.get(at).members()) {
      Optional<Life<R, M>> life = member.life();
      Optional<SimulatedProcess> process = nodes.get(at).process();
      if (life.isPresent() && process.isPresent()) {
        ReplicaId peer = GroupShape.replicaOn(lost);
        process.get().run(() -> life.get().replica().onDisconnected(peer));
      }
    }
  }

  /**
   * Gives a node that is down a disk that holds nothing, or what its own held earlier. The others
   * know a node by the identity of its disk, and refuse it from now on.
   *
   * @param copies what each member finds, in the order of {@link SimulatedNode#members}
   */
  public void replaceDisk(int index, List<ReplicaDisk.Copy> copies) {
    SimulatedNode<R, M> node = nodes.get(index);
    if (node.isUp()) {
      throw new IllegalStateException("node " + index + " is up");
    }
    note("replace disk of n" + index);
    observers.onDiskReplaced(index);
    for (int i = 0; i < copies.size(); i++) {
      node.members().get(i).disk().replaceBy(copies.get(i));
    }
    node.replaceDisk();
  }

  /** Whether two nodes refuse each other because one of them has another disk than it had. */
  public boolean refuses(int one, int other) {
    return one != other
        && decorator.refusesOtherDisks()
        && (nodes.get(one).hasOtherDisk() || nodes.get(other).hasOtherDisk());
  }

  /** Stops the process of a node for a while, if it is up. */
  public void freeze(int index) {
    note("freeze n" + index);
    nodes.get(index).process().ifPresent(SimulatedProcess::freeze);
  }

  /** Lets the process of a node go on, if it is up and frozen. */
  public void thaw(int index) {
    note("thaw n" + index);
    nodes.get(index).process().filter(SimulatedProcess::isFrozen).ifPresent(SimulatedProcess::thaw);
  }

  private void note(String text) {
    simulator.trace().line(text);
  }

  private void send(Member<R, M> from, ReplicaId to, RaftMessage message) {
    observers.onSend(from, to, message);
    int target = GroupShape.nodeOf(to);
    IntConsumer aside = machines.aside(from.node());
    network.send(
        from.node(),
        target,
        MessageSizes.bytes(message),
        () -> arrive(from, target, message, aside));
  }

  private void arrive(Member<R, M> from, int target, RaftMessage message, IntConsumer aside) {
    Optional<SimulatedProcess> process = nodes.get(target).process();
    if (process.isEmpty() || refuses(from.node(), target)) {
      return;
    }
    Optional<Member<R, M>> member =
        nodes.get(target).members().stream()
            .filter(each -> each.group() == from.group())
            .findFirst();
    Optional<Life<R, M>> life = member.flatMap(Member::life);
    if (life.isPresent()) {
      Replica<R> replica = life.get().replica();
      process
          .get()
          .run(
              () -> {
                record(from, target, message);
                aside.accept(target);
                observers.onDeliver(member.get(), from.id(), message);
                replica.deliver(from.id(), message);
              });
    }
  }

  private void record(Member<R, M> from, int target, RaftMessage message) {
    simulator.trace().mix(from.node() * 1024L + target);
    simulator.trace().mix(message.term() * 32 + message.kind().code());
    if (simulator.trace().isRead()) {
      simulator.trace().line(from + "->" + (target + 1) + " " + message);
    }
  }
}
