package dev.ostrakon.simulation.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.RaftChecker;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.engine.StateStoreProfile;
import dev.ostrakon.simulation.engine.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * One group of replicas on virtual time, and the vocabulary of the scenarios.
 *
 * <p>All of Raft's invariants are checked after every step; a violation fails the scenario at once.
 */
final class RaftScenario {
  static final long MILLISECOND = 1_000_000;

  /** The classic suites' election timeout; ours is between one and two of them. */
  static final long ELECTION_NANOS = 1_000 * MILLISECOND;

  /** How long one command may take to be agreed upon, whatever happens meanwhile. */
  private static final long AGREEMENT_NANOS = 10_000 * MILLISECOND;

  /** How long an election may take. */
  private static final long ELECTION_BOUND_NANOS = 5_000 * MILLISECOND;

  private static final long RETRY_NANOS = 2_000 * MILLISECOND;
  private static final long POLL_NANOS = 20 * MILLISECOND;

  /** Up to 26 ms on the way, and each tenth message is lost. */
  static final NetworkProfile UNRELIABLE =
      new NetworkProfile(0, 26 * MILLISECOND, 0, 1, 0.1, 0.05, 0, false);

  /** The same, and each third message is 0.2 to 2.2 s late. */
  static final NetworkProfile LONG_REORDERING =
      new NetworkProfile(0, 26 * MILLISECOND, 0, 1, 0.1, 0.05, 0.33, false);

  private final int size;
  private final Simulator simulator = new Simulator(Trace.silent());
  private final Findings findings = new Findings(simulator);
  private final Cluster<Long, JournalMachine> cluster;
  private final Traffic traffic = new Traffic();
  private final Journal journal = new Journal();
  private final RandomSource random;
  private final boolean[] isolated;
  private long commandCount;

  RaftScenario(int size, long seed) {
    this(size, seed, config(1_000_000, 10_000));
  }

  RaftScenario(int size, long seed, ReplicaConfig config) {
    this(size, seed, config, PortDecorator.NONE);
  }

  RaftScenario(int size, long seed, ReplicaConfig config, PortDecorator decorator) {
    this.size = size;
    this.isolated = new boolean[size];
    RandomSource root = new RandomSource(seed);
    this.random = root.fork("scenario");
    ClusterShape shape =
        new ClusterShape(
            size,
            List.of(GroupShape.founded(1, IntStream.range(0, size).boxed().toList())),
            config,
            NetworkProfile.GOOD,
            DiskProfile.GOOD,
            StateStoreProfile.GOOD,
            0);
    this.cluster =
        new Cluster<>(simulator, shape, JournalMachine.FACTORY, decorator, root.fork("cluster"));
    RaftChecker.watch(cluster, findings, (history, entry) -> {});
    cluster.observe(traffic);
    cluster.observe(journal);
    cluster.startAll();
  }

  /** Checkpoints every so many entries, and so many kept behind them. */
  static ReplicaConfig config(long checkpointEntries, int retainedEntries) {
    return ScenarioConfig.of(checkpointEntries, retainedEntries);
  }

  int size() {
    return size;
  }

  RandomSource random() {
    return random;
  }

  Traffic traffic() {
    return traffic;
  }

  Journal journal() {
    return journal;
  }

  long nowNanos() {
    return simulator.nowNanos();
  }

  void changeNetwork(NetworkProfile profile) {
    cluster.network().changeProfile(profile);
  }

  /** The disk of a server answers nothing for so long. */
  void hangDisk(int server, long millis) {
    cluster.node(server).disk().stall(millis * MILLISECOND);
  }

  /** Writes that a server's disk was given and has not answered. */
  int waitingWrites(int server) {
    return cluster.node(server).disk().waitingCount();
  }

  // Time

  void sleepMillis(long millis) {
    runUntil(simulator.nowNanos() + millis * MILLISECOND);
  }

  private void runUntil(long endNanos) {
    while (simulator.step(endNanos)) {
      assertThat(findings.first()).isEmpty();
    }
  }

  /** Lets time pass until the condition holds; returns whether it did within the bound. */
  boolean await(long boundNanos, BooleanSupplier condition) {
    long end = simulator.nowNanos() + boundNanos;
    while (!condition.getAsBoolean()) {
      if (simulator.nowNanos() >= end) {
        return false;
      }
      runUntil(simulator.nowNanos() + POLL_NANOS);
    }
    return true;
  }

  // Faults

  boolean isUp(int server) {
    return cluster.node(server).isUp();
  }

  boolean isConnected(int server) {
    return isUp(server) && !isolated[server];
  }

  int connectedCount() {
    return (int) IntStream.range(0, size).filter(this::isConnected).count();
  }

  void disconnect(int server) {
    if (!isolated[server]) {
      isolated[server] = true;
      forEachLink(server, cluster.network()::cut);
    }
  }

  void connect(int server) {
    if (isolated[server]) {
      isolated[server] = false;
      forEachLink(server, cluster.network()::mend);
    }
  }

  private void forEachLink(int server, LinkAction action) {
    for (int other = 0; other < size; other++) {
      if (other != server) {
        action.on(server, other);
        action.on(other, server);
      }
    }
  }

  /** What is done to one direction of a link. */
  private interface LinkAction {
    void on(int from, int to);
  }

  void crash(int server) {
    cluster.crash(server);
  }

  void restart(int server) {
    if (isUp(server)) {
      crash(server);
    }
    cluster.start(server);
  }

  void restartAll() {
    IntStream.range(0, size).filter(this::isUp).forEach(this::crash);
    IntStream.range(0, size).forEach(cluster::start);
  }

  // Leaders and terms

  private Optional<Replica<Long>> replica(int server) {
    return member(server).life().map(Life::replica);
  }

  private Member<Long, JournalMachine> member(int server) {
    return cluster.membersOf(1).get(server);
  }

  RaftStatus status(int server) {
    return replica(server).orElseThrow().status();
  }

  /** Waits until the newest term that has a leader among the connected has exactly one. */
  int checkOneLeader() {
    List<Integer> found = new ArrayList<>();
    boolean elected =
        await(
            ELECTION_BOUND_NANOS,
            () -> {
              found.clear();
              newestLeader().ifPresent(found::add);
              return !found.isEmpty();
            });
    assertThat(elected).as("a leader within 5 s").isTrue();
    return found.get(0);
  }

  private Optional<Integer> newestLeader() {
    Map<Long, Integer> leaders = new TreeMap<>();
    for (int server = 0; server < size; server++) {
      if (isConnected(server) && status(server).role() == Role.LEADER) {
        Integer other = leaders.put(status(server).term(), server);
        assertThat(other).as("a second leader of term " + status(server).term()).isNull();
      }
    }
    return leaders.isEmpty()
        ? Optional.empty()
        : Optional.of(((TreeMap<Long, Integer>) leaders).lastEntry().getValue());
  }

  void checkNoLeader() {
    assertThat(newestLeader()).as("no quorum, no leader").isEmpty();
  }

  /** The term that all connected servers are in. */
  long checkTerms() {
    List<Long> terms =
        IntStream.range(0, size)
            .filter(this::isConnected)
            .mapToObj(server -> status(server).term())
            .distinct()
            .toList();
    assertThat(terms).as("everybody in one term").hasSize(1);
    return terms.get(0);
  }

  // Commands

  /** A command that no other is equal to, of about this size. */
  String newCommand(int bytes) {
    commandCount++;
    String name = "command-" + commandCount;
    return name + ".".repeat(Math.max(0, bytes - name.length()));
  }

  String newCommand() {
    return newCommand(0);
  }

  /** Proposes at a server; returns whether it took it, as a leader does. */
  boolean propose(int server, String command) {
    Optional<Life<Long, JournalMachine>> life = member(server).life();
    if (life.isEmpty()) {
      return false;
    }
    List<ProposalOutcome<Long>> refusals = new ArrayList<>();
    long deadline = life.get().process().nowNanos() + 1_000 * AGREEMENT_NANOS;
    life.get()
        .process()
        .run(
            () ->
                life.get()
                    .replica()
                    .propose(
                        Bytes.utf8(command), deadline, outcome -> addRefusal(refusals, outcome)));
    return refusals.isEmpty();
  }

  private static void addRefusal(
      List<ProposalOutcome<Long>> refusals, ProposalOutcome<Long> outcome) {
    if (outcome instanceof ProposalOutcome.NotLeader
        || outcome instanceof ProposalOutcome.Overloaded) {
      refusals.add(outcome);
    }
  }

  /** How many servers that are up have applied this command. */
  int appliedCount(String command) {
    OptionalLong index = journal.indexOf(command);
    if (index.isEmpty()) {
      return 0;
    }
    return (int)
        IntStream.range(0, size)
            .filter(this::isUp)
            .filter(server -> status(server).appliedIndex() >= index.getAsLong())
            .count();
  }

  /**
   * Has a new command agreed upon and applied by so many servers, trying again if a leader fails.
   *
   * @return its position
   */
  long one(int expectedServers) {
    return one(newCommand(), expectedServers);
  }

  long one(String firstCommand, int expectedServers) {
    long end = simulator.nowNanos() + AGREEMENT_NANOS;
    String command = firstCommand;
    while (simulator.nowNanos() < end) {
      if (proposeSomewhere(command)) {
        String proposed = command;
        if (await(RETRY_NANOS, () -> appliedCount(proposed) >= expectedServers)) {
          return journal.positionOf(command);
        }
        // Whether it is still to come is unknown; the next try is another command.
        command = newCommand(command.length());
      } else {
        runUntil(simulator.nowNanos() + POLL_NANOS);
      }
    }
    throw new AssertionError(
        "no agreement of " + expectedServers + " servers within 10 s; " + describe());
  }

  private boolean proposeSomewhere(String command) {
    for (int server = 0; server < size; server++) {
      if (isConnected(server) && propose(server, command)) {
        return true;
      }
    }
    return false;
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (int server = 0; server < size; server++) {
      text.append(server)
          .append(isUp(server) ? status(server).toString() : " down")
          .append(isConnected(server) ? "; " : " cut off; ");
    }
    return text.toString();
  }

  /** What the log of this server takes on its disk, roughly. */
  long logBytes(int server) {
    return member(server).disk().log().sizeBytes();
  }

  /** Waits until so many servers have applied everything that is known to be committed. */
  void awaitAllApplied(int expectedServers) {
    assertThat(
            await(
                AGREEMENT_NANOS,
                () ->
                    IntStream.range(0, size)
                            .filter(this::isConnected)
                            .filter(server -> status(server).appliedIndex() >= lastApplied())
                            .count()
                        >= expectedServers))
        .as("%s servers catch up; %s", expectedServers, describe())
        .isTrue();
  }

  private long lastApplied() {
    return IntStream.range(0, size)
        .filter(this::isUp)
        .mapToLong(server -> status(server).appliedIndex())
        .max()
        .orElse(0);
  }
}
