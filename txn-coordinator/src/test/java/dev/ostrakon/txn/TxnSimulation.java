package dev.ostrakon.txn;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Three groups, three nodes with coordinators and wrong clocks, four clients, in one thread from
 * one seed: messages are lost, doubled and late, nodes die and forget everything, participants'
 * leaders lag behind, slots move, and recoveries compete.
 */
final class TxnSimulation {
  static final Slots SLOTS = new Slots(8);
  static final long NANOS_PER_MILLI = 1_000_000;
  private static final long EPOCH_MILLIS = 1_000_000;
  private static final int NODES = 3;
  private static final int CLIENTS = 4;
  private static final long CALM_AFTER_MILLIS = 6_000;
  private static final long END_MILLIS = 40_000;
  private static final long OVERDUE_MILLIS = 250;
  private static final CoordinatorConfig CONFIG =
      new CoordinatorConfig(
          Limits.DEFAULTS, 1_000, 1_000, 60, 150, 250, 5, 40, 600, 5, 3, 20, 16, 1_000, 10);

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** A node's life: what it still sends and hears after its death is nothing. */
  private final class Node {
    final HybridLogicalClock clock;
    final Coordinators coordinators;
    boolean isDead;
    Configuration configuration;

    Node(int index, long skewMillis, Configuration configuration) {
      this.clock =
          new HybridLogicalClock(
              () -> EPOCH_MILLIS + skewMillis + now / NANOS_PER_MILLI, new ClockConfig(500));
      this.configuration = configuration;
      lives++;
      this.coordinators =
          new Coordinators(
              CONFIG,
              rules,
              new CoordinatorPorts(clock, () -> now, this::send, random::nextLong),
              new ClientId(1_000 + index, lives));
    }

    private void send(
        GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
      if (!isDead) {
        HybridTimestamp sentAt = clock.now();
        TxnSimulation.this.send(
            group,
            call,
            sentAt,
            answer -> {
              if (!isDead) {
                done.accept(answer);
              }
            });
      }
    }
  }

  private final SplittableRandom random;
  private final TxnRules rules;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<GroupId, FakeGroup> groups = new TreeMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final AppendHistory history = new AppendHistory();
  private final long[] skewMillis = new long[NODES];
  private Configuration newest;
  private @Nullable Slot moving;
  private long now;
  private long lastNumber;
  private long lives;
  private long trace;

  /** What the coordinators of dead nodes had counted. */
  private long fastPath;

  private long slowPath;
  private long recovered;
  private long readsAsTransactions;

  TxnSimulation(long seed, TxnRules rules) {
    this.random = new SplittableRandom(seed);
    this.rules = rules;
    this.newest = firstConfiguration();
    newest.groups().keySet().forEach(id -> groups.put(id, new FakeGroup(id, SLOTS)));
    for (int slot = 0; slot < SLOTS.count(); slot++) {
      group(newest.owners().get(slot)).serving.add(new Slot(slot));
    }
    for (int i = 0; i < NODES; i++) {
      skewMillis[i] = random.nextLong(60);
      nodes.add(new Node(i, skewMillis[i], newest));
    }
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new SimulatedClient(this, i));
    }
  }

  private static Configuration firstConfiguration() {
    TreeMap<GroupId, List<NodeId>> all = new TreeMap<>();
    List<GroupId> owners = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      all.put(new GroupId(i), List.of(new NodeId("n" + i)));
    }
    for (int slot = 0; slot < SLOTS.count(); slot++) {
      owners.add(new GroupId(1 + slot % 3));
    }
    return new Configuration(1, owners, all);
  }

  /** Empty if all is well, else what is wrong. */
  String run() {
    clients.forEach(client -> after(random.nextLong(20), client::begin));
    every(5, () -> nodes.forEach(node -> node.coordinators.tick()));
    every(100, this::recoverOverdue);
    every(300, this::killSomebody);
    every(500, this::moveSlot);
    while (now < END_MILLIS * NANOS_PER_MILLI) {
      Event event = events.remove();
      now = event.at();
      trace = trace * 31 + now;
      event.action().run();
      if (isCalm() && isQuiet()) {
        return history.anomaly(lists());
      }
    }
    return "no end: "
        + groups.values().stream()
            .flatMap(group -> group.records().stream())
            .filter(FakeRecord::isPending)
            .map(record -> record.id + " of " + record.participants)
            .toList();
  }

  /** The same for the same seed. */
  long trace() {
    return trace;
  }

  AppendHistory history() {
    return history;
  }

  long fastPath() {
    return fastPath + nodes.stream().mapToLong(n -> n.coordinators.statistics().fastPath()).sum();
  }

  long slowPath() {
    return slowPath + nodes.stream().mapToLong(n -> n.coordinators.statistics().slowPath()).sum();
  }

  long recovered() {
    return recovered + nodes.stream().mapToLong(n -> n.coordinators.statistics().recovered()).sum();
  }

  long readsAsTransactions() {
    return readsAsTransactions
        + nodes.stream().mapToLong(n -> n.coordinators.statistics().readsAsTransactions()).sum();
  }

  long now() {
    return now;
  }

  SplittableRandom random() {
    return random;
  }

  boolean isCalm() {
    return now >= CALM_AFTER_MILLIS * NANOS_PER_MILLI;
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  FakeGroup group(GroupId id) {
    return Objects.requireNonNull(groups.get(id));
  }

  private boolean isQuiet() {
    return moving == null
        && clients.stream().noneMatch(SimulatedClient::isBusy)
        && groups.values().stream()
            .flatMap(group -> group.records().stream())
            .noneMatch(FakeRecord::isPending);
  }

  private Map<Key, List<Integer>> lists() {
    Map<Key, List<Integer>> lists = new TreeMap<>();
    for (FakeGroup group : groups.values()) {
      group.store.values.forEach((key, v) -> lists.put(key, AppendHistory.parse(v.text())));
    }
    return lists;
  }

  void after(long millis, Runnable action) {
    lastNumber++;
    events.add(
        new Event(now + millis * NANOS_PER_MILLI + random.nextInt(1_000), lastNumber, action));
  }

  private void every(long millis, Runnable action) {
    after(
        millis,
        () -> {
          action.run();
          every(millis, action);
        });
  }

  /** Some node's coordinators, with the configuration that the node knows. */
  void atAnyNode(NodeAction action) {
    Node node = nodes.get(random.nextInt(nodes.size()));
    action.run(node.coordinators, node.configuration, node.clock, () -> node.isDead);
  }

  /** What is done at a node. */
  interface NodeAction {
    void run(
        Coordinators coordinators,
        Configuration configuration,
        HybridLogicalClock clock,
        BooleanSupplier isDead);
  }

  private long delayMillis() {
    return chance(0.05) && !isCalm() ? random.nextLong(200) : 1 + random.nextLong(5);
  }

  private boolean isUnlucky(double probability) {
    return !isCalm() && chance(probability);
  }

  private void send(
      GroupId id, ParticipantCall call, HybridTimestamp sentAt, Consumer<ParticipantAnswer> done) {
    if (isUnlucky(0.03)) {
      done.accept(new ParticipantAnswer.NotLeader(Optional.empty()));
      return;
    }
    if (isUnlucky(0.02)) {
      after(delayMillis(), () -> done.accept(new ParticipantAnswer.Overloaded(10)));
      return;
    }
    if (call.kind() == ParticipantCall.Kind.ORDER && isUnlucky(0.01)) {
      Refusal refusal = new Refusal(Refusal.Reason.OVERLOADED, "too much at the door");
      after(delayMillis(), () -> done.accept(new ParticipantAnswer.Denied(refusal)));
      return;
    }
    if (!isUnlucky(0.05)) {
      after(delayMillis(), () -> deliver(id, call, sentAt, done));
    }
    if (isUnlucky(0.05)) {
      after(delayMillis(), () -> deliver(id, call, sentAt, answer -> {}));
    }
  }

  private void deliver(
      GroupId id, ParticipantCall call, HybridTimestamp sentAt, Consumer<ParticipantAnswer> done) {
    FakeGroup group = group(id);
    if (call instanceof ParticipantCall.Await await && isUnlucky(0.2)) {
      TxnStatus past = group.past(await.txn(), random.nextInt(3));
      reply(new ParticipantAnswer.Status(past == null ? new TxnStatus.Unknown() : past), done);
      return;
    }
    group.call(call, sentAt, answer -> reply(answer, done));
  }

  private void reply(ParticipantAnswer answer, Consumer<ParticipantAnswer> done) {
    if (!isUnlucky(0.05)) {
      after(delayMillis(), () -> done.accept(answer));
    }
  }

  private void recoverOverdue() {
    for (FakeGroup group : groups.values()) {
      for (FakeRecord record : List.copyOf(group.records())) {
        long age = EPOCH_MILLIS + now / NANOS_PER_MILLI - record.bornAt;
        boolean isOverdue = record.state == FakeRecord.State.PENDING && age > OVERDUE_MILLIS;
        boolean isUnforgotten =
            record.state == FakeRecord.State.FINISHED
                && !record.isForgotten
                && age > 4 * OVERDUE_MILLIS
                && chance(0.1);
        if (isOverdue && record.isReadOnly) {
          group.drop(record);
        } else if ((isOverdue && chance(0.7)) || isUnforgotten) {
          atAnyNode(
              (coordinators, configuration, clock, isDead) ->
                  coordinators.recover(
                      record.id, clock.now(), record.participants, now, report -> {}));
        }
      }
    }
  }

  private void killSomebody() {
    if (isUnlucky(0.5)) {
      int index = random.nextInt(nodes.size());
      Node dead = nodes.get(index);
      dead.isDead = true;
      TxnStatistics counted = dead.coordinators.statistics();
      fastPath += counted.fastPath();
      slowPath += counted.slowPath();
      recovered += counted.recovered();
      readsAsTransactions += counted.readsAsTransactions();
      nodes.set(index, new Node(index, skewMillis[index], newest));
      clients.forEach(SimulatedClient::onNodeDied);
    }
  }

  private void moveSlot() {
    if (isCalm() || moving != null || !chance(0.6)) {
      return;
    }
    Slot slot = new Slot(random.nextInt(SLOTS.count()));
    FakeGroup from = group(newest.ownerOf(slot));
    List<GroupId> others = new ArrayList<>(groups.keySet());
    others.remove(from.id);
    FakeGroup to = group(others.get(random.nextInt(others.size())));
    List<GroupId> owners = new ArrayList<>(newest.owners());
    owners.set(slot.number(), to.id);
    newest = new Configuration(newest.number() + 1, owners, newest.groups());
    moving = slot;
    Configuration adopted = newest;
    for (int i = 0; i < NODES; i++) {
      int index = i;
      after(
          random.nextLong(100),
          () -> {
            Node node = nodes.get(index);
            node.configuration =
                node.configuration.number() < adopted.number() ? adopted : node.configuration;
          });
    }
    after(random.nextLong(50), () -> freeze(slot, from, to));
  }

  private void freeze(Slot slot, FakeGroup from, FakeGroup to) {
    from.serving.remove(slot);
    awaitDrained(slot, from, to);
  }

  private void awaitDrained(Slot slot, FakeGroup from, FakeGroup to) {
    if (from.isDrained(slot)) {
      from.handOver(slot, to);
      moving = null;
    } else {
      after(10, () -> awaitDrained(slot, from, to));
    }
  }
}
