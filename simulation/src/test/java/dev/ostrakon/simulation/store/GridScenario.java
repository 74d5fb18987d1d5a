package dev.ostrakon.simulation.store;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.cluster.GroupShape;
import dev.ostrakon.simulation.engine.DiskProfile;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.engine.StateStoreProfile;
import dev.ostrakon.simulation.fault.Disturbance;
import dev.ostrakon.simulation.fault.FaultProfile;
import dev.ostrakon.simulation.scenario.ScenarioConfig;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The classic suites' grid: so many clients, nodes and groups, and what goes wrong. */
enum GridScenario {
  K_A1_BASIC(1, 5, 1, false),
  K_A3_CONCURRENT(5, 5, 1, false),
  K_A4_UNRELIABLE(5, 5, 1, true),
  K_A7_MANY_PARTITIONS_ONE_CLIENT(1, 5, 1, false, Fault.PARTITIONS),
  K_A8_MANY_PARTITIONS_MANY_CLIENTS(5, 5, 1, false, Fault.PARTITIONS),
  K_A9_PERSIST_ONE_CLIENT(1, 5, 1, false, Fault.CRASHES),
  K_A10_PERSIST_CONCURRENT(5, 5, 1, false, Fault.CRASHES),
  K_A11_PERSIST_CONCURRENT_UNRELIABLE(5, 5, 1, true, Fault.CRASHES),
  K_A12_PERSIST_PARTITION(5, 5, 1, false, Fault.CRASHES, Fault.PARTITIONS),
  K_A13_PERSIST_PARTITION_UNRELIABLE(5, 5, 1, true, Fault.CRASHES, Fault.PARTITIONS),
  K_A14_PERSIST_PARTITION_UNRELIABLE_LINEARIZABLE(
      15, 7, 1, true, Fault.CRASHES, Fault.PARTITIONS, Fault.MANY_KEYS),
  K_B4_SNAPSHOT_RECOVER(1, 5, 1, false, Fault.CRASHES, Fault.SNAPSHOTS),
  K_B5_SNAPSHOT_RECOVER_MANY_CLIENTS(20, 5, 1, false, Fault.CRASHES, Fault.SNAPSHOTS),
  K_B6_SNAPSHOT_UNRELIABLE(5, 5, 1, true, Fault.SNAPSHOTS),
  K_B7_SNAPSHOT_UNRELIABLE_RECOVER(5, 5, 1, true, Fault.CRASHES, Fault.SNAPSHOTS),
  K_B8_SNAPSHOT_UNRELIABLE_RECOVER_PARTITION(
      5, 5, 1, true, Fault.CRASHES, Fault.PARTITIONS, Fault.SNAPSHOTS),
  K_B9_SNAPSHOT_LINEARIZABLE(
      15, 7, 1, true, Fault.CRASHES, Fault.PARTITIONS, Fault.SNAPSHOTS, Fault.MANY_KEYS),
  D_7_CONCURRENT_CRASH(5, 3, 1, false, Fault.CRASHES, Fault.SNAPSHOTS),
  D_7_CONCURRENT_CRASH_UNRELIABLE(5, 3, 1, true, Fault.CRASHES, Fault.SNAPSHOTS),
  D_8_SIMULTANEOUS(5, 3, 1, false, Fault.CRASHES),
  T_5_REPEATED_PUTS_GETS(5, 3, 3, false, Fault.MANY_KEYS, Fault.LONG),
  T_6_REPEATED_PUTS_GETS_UNRELIABLE(5, 3, 3, true, Fault.MANY_KEYS, Fault.LONG, Fault.FIFTH_LOST),
  L_6_CLOCKS_OFF_BY_SECONDS(5, 3, 2, false, Fault.SECONDS_OFF),
  L_6_CLOCKS_OFF_BY_HOURS(5, 5, 3, true, Fault.HOURS_OFF),
  L_8_COORDINATORS_DIE(5, 3, 3, true, Fault.STEP_CRASHES);

  /** What goes wrong, or is special. */
  enum Fault {
    CRASHES,
    PARTITIONS,
    SNAPSHOTS,
    FIFTH_LOST,
    LONG,
    MANY_KEYS,
    SECONDS_OFF,
    HOURS_OFF,
    STEP_CRASHES
  }

  private static final int SNAPSHOT_ENTRIES = 10;
  private static final double FAULT_UNITS = 12;
  private static final double LONG_UNITS = 50;

  /** Coordinators learn from their nodes who leads, and nobody waits for long before he repeats. */
  private static final Sending IMPATIENT = new Sending(0.05, 100, true, 0, 1);

  private final int clients;
  private final int nodes;
  private final int groups;
  private final boolean unreliable;

  @SuppressWarnings("ImmutableEnumChecker") // Filled by the constructor and never changed.
  private final Set<Fault> faults;

  GridScenario(int clients, int nodes, int groups, boolean unreliable, Fault... faults) {
    this.clients = clients;
    this.nodes = nodes;
    this.groups = groups;
    this.unreliable = unreliable;
    this.faults = EnumSet.noneOf(Fault.class);
    this.faults.addAll(List.of(faults));
  }

  StorePlan plan(long seed) {
    List<Integer> all = IntStream.range(0, nodes).boxed().toList();
    ClusterShape shape =
        new ClusterShape(
            nodes,
            IntStream.rangeClosed(1, groups).mapToObj(g -> GroupShape.founded(g, all)).toList(),
            ScenarioConfig.of(faults.contains(Fault.SNAPSHOTS) ? SNAPSHOT_ENTRIES : 1_000_000, 0),
            network(),
            DiskProfile.GOOD,
            StateStoreProfile.GOOD,
            0);
    return new StorePlan(
        seed,
        shape,
        faultProfile(shape),
        profile(),
        faults.contains(Fault.LONG) ? LONG_UNITS : FAULT_UNITS);
  }

  private NetworkProfile network() {
    if (faults.contains(Fault.FIFTH_LOST)) {
      return StoreScenario.FIFTH_LOST;
    }
    return unreliable ? StoreScenario.UNRELIABLE : NetworkProfile.GOOD;
  }

  private FaultProfile faultProfile(ClusterShape shape) {
    Map<Disturbance, Double> gaps = new EnumMap<>(Disturbance.class);
    if (faults.contains(Fault.CRASHES)) {
      gaps.put(Disturbance.CRASH_ALL, 6.0);
      gaps.put(Disturbance.CRASH_LEADER, 6.0);
    }
    if (faults.contains(Fault.PARTITIONS)) {
      gaps.put(Disturbance.SPLIT, 2.0);
      gaps.put(Disturbance.ISOLATE_LEADER, 6.0);
    }
    return new FaultProfile(
        gaps,
        Map.of(),
        List.of(shape.network()),
        shape.config().raft().electionTimeoutNanos(),
        0,
        0.3,
        1);
  }

  private StoreProfile profile() {
    boolean isMany = faults.contains(Fault.MANY_KEYS);
    int clockErrorMillis = faults.contains(Fault.SECONDS_OFF) ? 5_000 : 0;
    return new StoreProfile(
        clients,
        0.1,
        25,
        groups > 1 ? 0.7 : 0,
        0.5,
        Map.of(
            StoreCall.Kind.LISTS, 1.0,
            StoreCall.Kind.REGISTERS, isMany ? 1 : 0.2,
            StoreCall.Kind.BANK, 0.2,
            StoreCall.Kind.COUNTERS, 0.2),
        0.2,
        0.1,
        0.2,
        isMany ? 10 : 1,
        faults.contains(Fault.HOURS_OFF) ? 5 * 3_600_000 : clockErrorMillis,
        false,
        faults.contains(Fault.STEP_CRASHES) ? 0.02 : 0,
        GroupSettings.DEFAULTS,
        faults.contains(Fault.STEP_CRASHES) ? 0.05 : 0,
        faults.contains(Fault.FIFTH_LOST) ? IMPATIENT : Sending.STANDARD,
        StoreBounds.DEFAULTS);
  }
}
