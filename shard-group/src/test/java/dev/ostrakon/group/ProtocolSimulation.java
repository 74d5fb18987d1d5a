package dev.ostrakon.group;

import dev.ostrakon.group.TestCoordinator.Decision;
import dev.ostrakon.group.TestCoordinator.Txn;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Several groups, clients, coordinators and recoveries in one thread from one seed: messages are
 * lost, doubled and reordered, coordinators die, clocks are skewed, groups start again from their
 * checkpoints. Each group is one state machine, for its log is one anyway.
 */
final class ProtocolSimulation implements TestCoordinator.World {
  private static final int CLIENTS = 5;
  private static final int TXNS_PER_CLIENT = 20;
  private static final int STEPS_MAX = 100_000;
  private static final long EPOCH_MILLIS = 1_000_000;

  private final RandomSource random;
  private final Set<String> mutations;
  private final TestNetwork network;
  private final TestWorkload workload;
  private final TreeMap<GroupId, TestGroup> groups = new TreeMap<>();
  private final Map<TxnId, TestWorkload.Plan> plans = new HashMap<>();
  private final List<TestCoordinator> coordinators = new ArrayList<>();
  private final History history = new History();
  private final int[] skewMillis = new int[CLIENTS];
  private final int[] issued = new int[CLIENTS];
  private final boolean[] busy = new boolean[CLIENTS];
  private long now;

  ProtocolSimulation(long seed, String... mutations) {
    this.random = new RandomSource(seed);
    this.mutations = new TreeSet<>(List.of(mutations));
    this.network = new TestNetwork(random.fork("network"));
    this.workload = new TestWorkload(random.fork("workload"));
    List<GroupId> owners = TestWorkload.OWNERS;
    for (GroupId id : new TreeSet<>(owners)) {
      TestGroup group = new TestGroup(id, new Executions());
      group.apply(
          now(), new Command.Adopt(GroupSettings.DEFAULTS, TestGroup.configuration(1, owners)));
      groups.put(id, group);
    }
    for (int client = 0; client < CLIENTS; client++) {
      skewMillis[client] = random.nextInt(40);
    }
  }

  /** Empty if all is well, else what is wrong. */
  String run() {
    while (now < STEPS_MAX) {
      now++;
      if (!step()) {
        return verdict();
      }
    }
    return "no end: " + groups.values().stream().map(g -> g.machine().pendingCount()).toList();
  }

  private boolean step() {
    List<Integer> idle = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      if (!busy[client] && issued[client] < TXNS_PER_CLIENT) {
        idle.add(client);
      }
    }
    if (!idle.isEmpty() && random.chance(0.15)) {
      begin(idle.get(random.nextInt(idle.size())));
      return true;
    }
    disturb();
    if (!network.isEmpty()) {
      network.deliverAny();
      return true;
    }
    return !idle.isEmpty() || recoverAny();
  }

  private void disturb() {
    if (!coordinators.isEmpty() && random.chance(0.004)) {
      TestCoordinator victim = coordinators.get(random.nextInt(coordinators.size()));
      if (!victim.isDead) {
        victim.isDead = true;
        giveUp(victim.txn.id());
      }
    }
    if (random.chance(0.02)) {
      recoverAny();
    }
    List<TestGroup> all = List.copyOf(groups.values());
    TestGroup any = all.get(random.nextInt(all.size()));
    if (random.chance(0.002)) {
      any.restart();
    } else if (random.chance(0.004)) {
      any.checkpoint();
    }
  }

  /** Some transaction that is pending somewhere gets a recovering coordinator. */
  private boolean recoverAny() {
    List<Txn> pending = new ArrayList<>();
    for (TestWorkload.Plan plan : plans.values().stream().sorted().toList()) {
      boolean isPending =
          plan.txn().fragments().keySet().stream()
              .map(group -> group(group).status(plan.txn().id()))
              .anyMatch(s -> s instanceof TxnStatus.Waiting || s instanceof TxnStatus.Ready);
      boolean isSingle = plan.txn().fragments().size() == 1;
      if (isPending && !isSingle) {
        pending.add(plan.txn());
      }
    }
    if (pending.isEmpty()) {
      return false;
    }
    Txn txn = pending.get(random.nextInt(pending.size()));
    boolean isRecovering =
        coordinators.stream()
            .anyMatch(c -> c.txn.id().equals(txn.id()) && c.isRecovery && c.isActive());
    if (!isRecovering) {
      coordinators.add(new TestCoordinator(this, txn, HybridTimestamp.ZERO, true));
    }
    return true;
  }

  private void begin(int client) {
    issued[client]++;
    busy[client] = true;
    TxnId id = new TxnId(new RequestId(new ClientId(client, 7), issued[client]), 1);
    Acknowledgement settled = Acknowledgement.upTo(issued[client] - 1L);
    TestWorkload.Plan plan = workload.plan(id, now(), settled, history.begin(now));
    plans.put(id, plan);
    HybridTimestamp proposed = new HybridTimestamp(now().wallMillis() - skewMillis[client], 0);
    if (plan.isReadOnly()) {
      new TestReader(this, plan).start();
    } else if (plan.txn().fragments().size() == 1) {
      sendSingle(plan);
    } else {
      coordinators.add(new TestCoordinator(this, plan.txn(), proposed, false));
    }
  }

  private void sendSingle(TestWorkload.Plan plan) {
    GroupId group = plan.txn().fragments().firstKey();
    network.send(
        () -> {
          Request request =
              new Request(
                  plan.txn().id(),
                  plan.txn().issuedAt(),
                  plan.txn().acknowledgement(),
                  Known.get(plan.txn().fragments(), group));
          CommandResult result = group(group).applyOne(now(), new Command.Execute(request));
          if (result instanceof CommandResult.Executed executed) {
            answer(plan.txn().id(), executed.outcome());
          }
        },
        () -> {
          if (!plan.call().isAnswered()) {
            sendSingle(plan);
          }
        });
  }

  /** Requests are answered when they were carried out, at once or later. */
  private final class Executions implements ShardObserver {
    @Override
    public void onExecuted(TxnId txn, RequestOutcome outcome) {
      answer(txn, outcome);
    }
  }

  private void answer(TxnId id, RequestOutcome outcome) {
    network.send(() -> onAnswer(id, outcome), () -> answer(id, outcome));
  }

  private void onAnswer(TxnId id, RequestOutcome outcome) {
    TestWorkload.Plan plan = Known.get(plans, id);
    if (outcome instanceof RequestOutcome.Committed committed) {
      GroupId group = plan.txn().fragments().firstKey();
      end(plan, committed.branch(), Map.of(group, committed.results()));
    }
  }

  @Override
  public void decided(Txn txn, Decision decision) {
    TestWorkload.Plan plan = Known.get(plans, txn.id());
    if (decision.outcome() instanceof TxnOutcome.Commit commit) {
      end(plan, commit.branch(), decision.results());
    } else if (isOpen(plan)) {
      plan.call().isRefused = true;
      end(plan, Branch.OTHERWISE, Map.of());
    }
  }

  private boolean isOpen(TestWorkload.Plan plan) {
    return !plan.call().isAnswered() && !plan.isGivenUp();
  }

  void end(TestWorkload.Plan plan, Branch branch, Map<GroupId, List<OperationResult>> results) {
    if (isOpen(plan)) {
      plan.call().end = now;
      plan.call().isThen = branch == Branch.THEN;
      plan.recordReads(branch, results);
      busy[clientOf(plan.txn().id())] = false;
    }
  }

  private void giveUp(TxnId id) {
    TestWorkload.Plan plan = Known.get(plans, id);
    if (isOpen(plan)) {
      plan.giveUp();
      busy[clientOf(id)] = false;
    }
  }

  private static int clientOf(TxnId id) {
    return (int) id.request().client().high();
  }

  private String verdict() {
    for (TestGroup group : groups.values()) {
      if (group.machine().pendingCount() > 0) {
        return "pending at the end in " + group.id;
      }
      if (!group.machine().state().escrow.isEmpty()
          || group.machine().state().data.pinnedCount() > 0) {
        return "reserved or pinned at the end in " + group.id;
      }
    }
    Map<Key, List<Integer>> lists = new TreeMap<>();
    for (Key key : workload.listKeys()) {
      lists.put(key, TestWorkload.parse(group(TestWorkload.ownerOf(key)).text(key)));
    }
    String anomaly = history.anomaly(lists);
    return anomaly.isEmpty() ? counters(lists) : anomaly;
  }

  /** Every counter was raised exactly by those transactions that committed. */
  private String counters(Map<Key, List<Integer>> lists) {
    Map<Key, Long> expected = new TreeMap<>();
    for (TestWorkload.Plan plan : plans.values()) {
      boolean isCommitted =
          plan.call().appends.stream()
              .anyMatch(a -> Known.get(lists, a.getKey()).contains(a.getValue()));
      plan.adds().forEach((key, delta) -> expected.merge(key, isCommitted ? delta : 0, Long::sum));
    }
    for (Map.Entry<Key, Long> counter : expected.entrySet()) {
      String text = group(TestWorkload.ownerOf(counter.getKey())).text(counter.getKey());
      if (!counter.getValue().equals(text.isEmpty() ? 0L : Long.parseLong(text))) {
        return "a counter is " + text + ", expected " + counter.getValue();
      }
    }
    return "";
  }

  /** The values of keys of one group if no ready transaction is about to change them. */
  Optional<Map<Key, String>> read(GroupId id, List<Key> keys) {
    TestGroup group = group(id);
    Map<Key, String> values = new TreeMap<>();
    for (Key key : keys) {
      if (group.machine().state().queues.readyWriter(key).isPresent()
          && !mutates("a read does not wait")) {
        return Optional.empty();
      }
      values.put(key, group.text(key));
    }
    return Optional.of(Collections.unmodifiableMap(values));
  }

  @Override
  public TestGroup group(GroupId id) {
    return Known.get(groups, id);
  }

  @Override
  public HybridTimestamp now() {
    return new HybridTimestamp(EPOCH_MILLIS + now / 3, 0);
  }

  @Override
  public TestNetwork network() {
    return network;
  }

  @Override
  public boolean mutates(String what) {
    return mutations.contains(what);
  }
}
