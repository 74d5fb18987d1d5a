package dev.ostrakon.group;

import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one replica of a shard group offers while it leads: requests, reads, scans, and the calls of
 * coordinators.
 *
 * <p>Lifecycle: make it, let the replica be made with {@link #machine}, then {@link #attach} the
 * replica and call {@link #tick} with every tick of the replica. Until then, and whenever the
 * replica does not lead, calls are answered with {@link FrontAnswer.NotLeader}.
 *
 * <p>Every call is answered exactly once, by its deadline or with the tick that follows it;
 * deadlines are nanoseconds of the scheduler's clock. Answers may come before a call returns.
 *
 * <p>Threading: confined to the owner of the replica.
 */
public final class ShardFront {
  private final GroupId group;
  private final HybridLogicalClock clock;
  private final ShardFrontConfig config;
  private final GroupRules rules;
  private final FrontReplica replica;
  private @Nullable FrontDesk desk;

  /**
   * @param nodes where a replica of the group lives, for hints to callers
   */
  public ShardFront(
      GroupId group,
      HybridLogicalClock clock,
      ShardFrontConfig config,
      Function<ReplicaId, Optional<NodeId>> nodes) {
    this(group, clock, config, nodes, GroupRules.STANDARD);
  }

  /** With rules of which one may be broken; for the simulation only. */
  public ShardFront(
      GroupId group,
      HybridLogicalClock clock,
      ShardFrontConfig config,
      Function<ReplicaId, Optional<NodeId>> nodes,
      GroupRules rules) {
    this.group = group;
    this.clock = clock;
    this.config = config;
    this.rules = rules;
    this.replica = new FrontReplica(nodes);
  }

  /**
   * Makes the state machine of the replica; called once, before the replica is there.
   *
   * @param store the same that the replica checkpoints
   */
  public StateMachine<BatchResult> machine(StateStore store) {
    if (desk != null) {
      throw new IllegalStateException("a front has one state machine, was asked for another");
    }
    FrontDesk made =
        new FrontDesk(group, new FrontDesk.Setting(config, rules, clock), store, replica);
    desk = made;
    return made.machine();
  }

  /** Ties the front to the replica that was made with its machine, and to the replica's owner. */
  public void attach(Replica<BatchResult> core, Scheduler owner) {
    replica.attach(core, owner);
    require().onAttached();
  }

  /** One tick of the replica has passed: ends what is late, and what leadership was lost for. */
  public void tick() {
    if (desk != null) {
      desk.tick();
    }
  }

  /** Ends all calls; the replica is about to be stopped. */
  public void stop() {
    if (desk != null) {
      desk.endAll();
    }
  }

  /** Whether this replica leads its group, as far as it knows. */
  public boolean isLeading() {
    return desk != null && replica.isLeading();
  }

  /** The group that this is a front of. */
  public GroupId group() {
    return group;
  }

  /** The state machine itself, for checks and figures; only once it was made. */
  public ShardStateMachine state() {
    return require().state();
  }

  /** Whether some configuration was adopted, as far as this replica has applied. */
  public boolean hasConfiguration() {
    return desk != null && desk.state().isLoaded() && desk.state().hasConfiguration();
  }

  /** The number of the configuration that the group follows, as far as applied; 0 for none. */
  public long configurationNumber() {
    return desk == null ? 0 : desk.state().configurationNumber();
  }

  /** Figures for operators. */
  public FrontCounters counters() {
    return require().counters();
  }

  /**
   * Transactions over several groups that have been pending here for so long, and those that were
   * finished long ago and are still not forgotten: each is to be brought to its end by a recovery.
   * Named again after as long. None while this replica does not lead.
   *
   * @param millis how long a transaction may be pending
   * @param max the most to be named
   */
  public List<OverdueTxn> overdue(long millis, int max) {
    return isLeading() ? require().overdue(millis, max) : List.of();
  }

  /** Transactions over several groups that are pending here, for operators; none if it follows. */
  public List<HeldTxn> held(int max) {
    return isLeading() ? require().held(max) : List.of();
  }

  /**
   * Gives a transaction over several groups an outcome in this group, for operators: one that
   * cannot finish by itself. The answer is whether it was pending here and is not any more.
   */
  public void release(
      TxnId txn, TxnOutcome outcome, long deadlineNanos, Consumer<FrontAnswer<Boolean>> listener) {
    if (maySay(listener)) {
      require().release(txn, outcome, deadlineNanos, listener);
    }
  }

  /**
   * Has the group follow a configuration: its first, or the next one that leaves it its slots. The
   * result is {@link CommandResult.Done}, also for one that it follows already, or {@link
   * CommandResult.Rejected}.
   */
  public void adopt(
      GroupSettings settings,
      Configuration configuration,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> listener) {
    if (maySay(listener)) {
      require().adopt(settings, configuration, deadlineNanos, listener);
    }
  }

  /**
   * Carries out a request that lies wholly inside the group, exactly once whatever is sent again.
   * Refused for good is {@link FrontAnswer.Done}, too.
   */
  public void execute(
      Request request, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> listener) {
    if (maySay(listener)) {
      require().execute(request, deadlineNanos, listener);
    }
  }

  /** Serves a transaction that only reads, without a log entry; PROTOCOL.md, "Reads". */
  public void read(
      Transaction transaction, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> listener) {
    if (maySay(listener)) {
      require().read(transaction, deadlineNanos, listener);
    }
  }

  /** Reads a page of a range, as of one moment. */
  public void scan(ScanSpec spec, long deadlineNanos, Consumer<FrontAnswer<ScanResult>> listener) {
    if (maySay(listener)) {
      require().scan(spec, deadlineNanos, listener);
    }
  }

  /**
   * What became of a request. Asking settles it: if the group has not heard of it, it is refused
   * from then on, whatever its attempt.
   *
   * @param keys what the request touched; empty if unknown
   * @param issuedAt when it was first sent; {@link HybridTimestamp#ZERO} if unknown, and then a
   *     request that was never heard of is {@link RequestReport.NotHeardOf}
   */
  public void outcome(
      RequestId request,
      List<Key> keys,
      HybridTimestamp issuedAt,
      long deadlineNanos,
      Consumer<FrontAnswer<RequestReport>> listener) {
    if (maySay(listener)) {
      require().outcome(new OutcomeAsk(request, keys, issuedAt), deadlineNanos, listener);
    }
  }

  /** Answers a coordinator. */
  public void participate(
      ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    if (isLeading()) {
      require().participate(call, deadlineNanos, listener);
    } else {
      listener.accept(new ParticipantAnswer.NotLeader(replica.leader()));
    }
  }

  /** Says where to go if this replica does not lead. */
  private <T> boolean maySay(Consumer<FrontAnswer<T>> listener) {
    if (isLeading()) {
      return true;
    }
    listener.accept(new FrontAnswer.NotLeader<>(replica.leader()));
    return false;
  }

  private FrontDesk require() {
    if (desk == null) {
      throw new IllegalStateException("machine() was not called");
    }
    return desk;
  }
}
