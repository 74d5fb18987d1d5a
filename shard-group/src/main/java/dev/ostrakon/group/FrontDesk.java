package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.group.queue.Access;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The parts of a front and how they work together; asked only while the replica leads. */
final class FrontDesk {
  /** A command that waits, with the call that it belongs to and those who listen. */
  static final int COMMAND_BYTES = 256;

  /** A read that waits, likewise. */
  private static final int READ_BYTES = 190;

  private static final int BOXED_LONG_BYTES = 28;

  /** What part of the bytes of commands reads may take. */
  private static final int READS_PART = 4;

  /** By what part of the bound refusals may exceed it. */
  private static final int REFUSALS_PART = 8;

  private static final int SWEPT_BUCKETS_PER_TICK = 4096;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long DROP_NANOS = 5_000_000_000L; // 5 s

  /**
   * What was first sent so long ago may have come before: then the state is asked, too. A request
   * that comes for the first time is not slowed down.
   */
  private static final long PERHAPS_COPY_MILLIS = 200;

  /** What a front is made with. */
  record Setting(ShardFrontConfig config, GroupRules rules, HybridLogicalClock clock) {}

  private final ShardFrontConfig config;
  private final GroupRules rules;
  private final HybridLogicalClock clock;
  private final FrontReplica replica;
  private final FrontMachine machine;
  private final Door door;
  private final WaitingCalls calls;
  private final CommandQueue commands;
  private final Executions executions;
  private final ReadQueue reads;
  private final ScanReading.Place scanPlace;
  private final Participant participant;
  private final OutcomeQuestions questions;

  private long term;
  private long requestCount;
  private long orderCount;
  private long readCount;
  private long scanCount;
  private long overloadedCount;

  FrontDesk(GroupId group, Setting setting, StateStore store, FrontReplica replica) {
    this.config = setting.config();
    this.rules = setting.rules();
    this.clock = setting.clock();
    this.replica = replica;
    this.machine =
        new FrontMachine(
            new FrontMachine.Place(group, rules, config.changesLeftMax()),
            store,
            replica,
            new News());
    this.door = new Door(group, rules, clock);
    this.calls = WaitingCalls.within(config);
    this.commands =
        new CommandQueue(config, rules, clock, replica, calls.newWork(), calls.settling());
    this.executions = new Executions(calls.executions());
    this.reads = new ReadQueue(config, rules, replica, state(), store);
    this.scanPlace = new ScanReading.Place(config, rules, store, reads::serveAgain, replica::fail);
    this.participant = new Participant(this, config, calls.awaits());
    this.questions = new OutcomeQuestions(this, clock, executions);
  }

  StateMachine<BatchResult> machine() {
    return machine;
  }

  ShardStateMachine state() {
    return machine.machine();
  }

  Door door() {
    return door;
  }

  GroupRules rules() {
    return rules;
  }

  Optional<NodeId> leader() {
    return replica.leader();
  }

  long nowNanos() {
    return replica.nowNanos();
  }

  void onAttached() {
    machine.txns().restart(replica.nowNanos());
  }

  void tick() {
    long nowNanos = replica.nowNanos();
    if (state().isLoaded()) {
      clock.reached(state().state().clock());
    }
    boolean hasEnded = rules.answersLateCalls() && calls.expire(nowNanos);
    long presentTerm = replica.leadingTerm();
    if (presentTerm != term) {
      if (term != 0) {
        endAll();
      }
      term = presentTerm;
      hasEnded = true;
    }
    if (hasEnded) {
      commands.prune();
      executions.prune();
      reads.prune();
      participant.prune();
    }
    sweep();
  }

  void endAll() {
    calls.endAll(replica.leader());
  }

  /** Forgets what its time says nobody can ask for any more, also in a group without requests. */
  private void sweep() {
    if (!state().isLoaded()) {
      return;
    }
    ShardState present = state().state();
    present.finished.sweep(SWEPT_BUCKETS_PER_TICK);
    boolean isSuperfluous = present.finished.clientCount() > 0 || present.records.size() > 0;
    if (term != 0 && isSuperfluous) {
      long behindMillis = clock.now().wallMillis() - present.clock().wallMillis();
      if (behindMillis >= config.idleMillis() || present.finished.awaitsDeletions()) {
        commands.logTime();
      }
    }
  }

  FrontCounters counters() {
    ShardState present = state().state();
    return new FrontCounters(
        present.data.keyCount(),
        present.queues.size(),
        present.queues.readyCount(),
        machine.txns().unfinishedCount(),
        present.records.size(),
        present.finished.clientCount(),
        memoryBytes(),
        commands.waitingBytes() + calls.bytes(),
        calls.commandCount(),
        calls.reads().size() + calls.scans().size(),
        calls.awaits().size(),
        commands.batchCount(),
        commands.commandCount(),
        machine.entryCount(),
        requestCount,
        orderCount,
        readCount,
        reads.indexCount(),
        reads.diskCount(),
        reads.waitedCount(),
        scanCount,
        overloadedCount,
        door.skewCount(),
        door.invalidCount());
  }

  List<OverdueTxn> overdue(long millis, int max) {
    long nowNanos = replica.nowNanos();
    // What is only to be forgotten frees memory and gets its share however much is unfinished.
    long unforgottenNanos = config.unforgottenMillis() * NANOS_PER_MILLI;
    List<TxnId> ids =
        new ArrayList<>(
            machine.txns().unforgotten(nowNanos, unforgottenNanos, Math.max(1, max / 4)));
    ids.addAll(
        machine
            .txns()
            .overdue(
                nowNanos,
                millis * NANOS_PER_MILLI,
                max - ids.size(),
                state().state().queues::isReady));
    List<OverdueTxn> overdue = new ArrayList<>(ids.size());
    for (TxnId id : ids) {
      TxnRecord record = state().state().records.find(id);
      if (record != null && record.isReadOnly) {
        giveUpRead(id, nowNanos);
      } else if (record != null) {
        overdue.add(new OverdueTxn(id, record.issuedAt, record.participants));
      }
    }
    return overdue;
  }

  /** Its coordinator fell silent. It has no effect, so no other participant has to be asked. */
  private void giveUpRead(TxnId id, long nowNanos) {
    TxnOutcome abort =
        new TxnOutcome.Abort(
            new Refusal(Refusal.Reason.NOT_ORDERED, "the read was pending for too long"));
    Command drop = new Command.Apply(id, HybridTimestamp.ZERO, abort);
    log(drop, COMMAND_BYTES, nowNanos + DROP_NANOS, answer -> {});
  }

  List<HeldTxn> held(int max) {
    List<HeldTxn> held = new ArrayList<>();
    for (TxnRecord record : state().state().records.all()) {
      if (record.state == TxnRecord.State.PENDING_FRAGMENT && held.size() < max) {
        held.add(
            new HeldTxn(
                record.id,
                record.evaluation != null,
                record.proposal,
                record.timestamp,
                record.participants,
                record.requireAccesses().size()));
      }
    }
    return held;
  }

  /** At the place where it stands: the one at which a commit counts. */
  void release(
      TxnId txn, TxnOutcome outcome, long deadlineNanos, Consumer<FrontAnswer<Boolean>> listener) {
    TxnRecord record = state().state().records.find(txn);
    if (record == null || record.state != TxnRecord.State.PENDING_FRAGMENT) {
      listener.accept(new FrontAnswer.Done<>(false));
      return;
    }
    log(
        new Command.Apply(txn, record.timestamp, outcome),
        COMMAND_BYTES,
        deadlineNanos,
        answer ->
            listener.accept(
                answer.then(
                    result ->
                        new FrontAnswer.Done<>(
                            result instanceof CommandResult.Status status
                                && status.status() instanceof TxnStatus.Finished))));
  }

  void adopt(
      GroupSettings settings,
      Configuration configuration,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> listener) {
    log(
        new Command.Adopt(settings, configuration),
        bytesOf(configuration),
        deadlineNanos,
        listener);
  }

  void execute(
      Request request, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> listener) {
    requestCount++;
    Optional<Refusal> refusal = refusal(request);
    if (refusal.isPresent()) {
      listener.accept(new FrontAnswer.Denied<>(refusal.get()));
      return;
    }
    Command command = new Command.Execute(request);
    Consumer<FrontAnswer<CommandResult>> onResult =
        answer -> onResult(request.id(), answer, deadlineNanos, listener);
    if (commands.maybeJoin(command, deadlineNanos, onResult)
        || maybeAnswerFromState(request, onResult)) {
      return;
    }
    if (!hasMemoryFor(request) || wouldWaitInVain(request)) {
      listener.accept(overloaded());
      return;
    }
    log(command, bytesOf(request), deadlineNanos, onResult);
  }

  /**
   * Answers a copy of a request that is in the log and applied, without logging it again: what it
   * came to is a fact, also at a leader that was deposed and does not know it.
   */
  private boolean maybeAnswerFromState(
      Request request, Consumer<FrontAnswer<CommandResult>> onResult) {
    if (!mayBeCopy(request.issuedAt()) || !rules.recognisesRetries()) {
      return false;
    }
    Optional<CommandResult> known = state().known(request);
    if (known.isEmpty()) {
      return false;
    }
    if (known.get() instanceof CommandResult.Queued && executions.isFull()) {
      onResult.accept(overloaded());
    } else {
      onResult.accept(new FrontAnswer.Done<>(known.get()));
    }
    return true;
  }

  boolean mayBeCopy(HybridTimestamp firstSent) {
    return state().isLoaded()
        && clock.last().wallMillis() - firstSent.wallMillis() > PERHAPS_COPY_MILLIS;
  }

  /**
   * Whether so many requests wait for their turn already that one more must not join them. Requests
   * for other keys go on.
   */
  private boolean wouldWaitInVain(Request request) {
    ShardState now = state().state();
    if (!executions.isFull() && !now.waiting.isNearlyFull()) {
      return false;
    }
    SortedMap<Key, Access> accesses = Fragments.accesses(request.transaction());
    return now.queues.isAnythingInTheWay(accesses)
        && (executions.isFull() || now.waiting.isFullFor(request.transaction(), accesses.size()));
  }

  /** What can be refused of a request without a look at the log. */
  Optional<Refusal> refusal(Request request) {
    Optional<Refusal> skew = door.clockSkew(request.issuedAt());
    return skew.or(() -> door.acknowledged(request.acknowledgement()))
        .or(() -> door.limits(request.transaction(), state().state().settings.limits()));
  }

  /**
   * Whether a request may add to what has to be kept in memory. If not, it is not logged, but what
   * it acknowledges is: otherwise a client that may not go on could not make room either.
   */
  boolean hasMemoryFor(Request request) {
    if (memoryBytes() < config.memoryBytesMax()) {
      return true;
    }
    if (wouldFree(request)) {
      Command acknowledge =
          new Command.Acknowledge(
              request.id().request().client(), request.issuedAt(), request.acknowledgement());
      long deadlineNanos = replica.nowNanos() + DROP_NANOS;
      log(acknowledge, bytesOf(request.acknowledgement()), deadlineNanos, answer -> {});
    }
    return false;
  }

  /**
   * Whether a refusal may be recorded. It lets others end what is pending, so it finds room where
   * requests do not any more.
   */
  boolean hasMemoryForRefusal() {
    return memoryBytes() < config.memoryBytesMax() + config.memoryBytesMax() / REFUSALS_PART;
  }

  /** What is kept because of requests, and what waits to be logged. */
  private long memoryBytes() {
    return state().heapBytes() + machine.txns().heapBytes() + commands.waitingBytes();
  }

  private boolean wouldFree(Request request) {
    ClientId client = request.id().request().client();
    Acknowledgement acknowledgement = request.acknowledgement();
    ShardState present = state().state();
    long before = present.finished.watermark(client); // What lies below has had its turn.
    return !acknowledgement.isEmpty()
        && (present.finished.wouldFree(client, acknowledgement)
            || present.records.hasAnyBetween(client, before, acknowledgement.watermark()));
  }

  static long bytesOf(Request request) {
    return COMMAND_BYTES + HeapSizes.request(request);
  }

  private static long bytesOf(Acknowledgement acknowledgement) {
    return COMMAND_BYTES + (long) BOXED_LONG_BYTES * acknowledgement.above().size();
  }

  /** As it is logged: the owner of each slot, the nodes of each group. */
  private static long bytesOf(Configuration configuration) {
    long bytes = COMMAND_BYTES + (long) Long.BYTES * configuration.slots().count();
    for (List<NodeId> nodes : configuration.groups().values()) {
      bytes += COMMAND_BYTES;
      for (NodeId node : nodes) {
        bytes += node.name().length();
      }
    }
    return bytes;
  }

  private void onResult(
      TxnId txn,
      FrontAnswer<CommandResult> answer,
      long deadlineNanos,
      Consumer<FrontAnswer<RequestOutcome>> listener) {
    if (answer instanceof FrontAnswer.Done<CommandResult> done
        && done.value() instanceof CommandResult.Queued) {
      executions.await(txn, deadlineNanos, listener);
    } else {
      listener.accept(answer.then(this::outcomeOf));
    }
  }

  private FrontAnswer<RequestOutcome> outcomeOf(CommandResult result) {
    if (result instanceof CommandResult.Executed executed) {
      return new FrontAnswer.Done<>(executed.outcome());
    }
    return undone(result);
  }

  /** What a command that was not done is to its caller. */
  <T> FrontAnswer<T> undone(CommandResult result) {
    if (result instanceof CommandResult.Denied denied) {
      return denied.refusal().reason() == Refusal.Reason.OVERLOADED
          ? overloaded()
          : new FrontAnswer.Denied<>(denied.refusal());
    }
    if (result instanceof CommandResult.Rejected rejected) {
      return new FrontAnswer.Denied<>(new Refusal(Refusal.Reason.INVALID, rejected.reason()));
    }
    throw new IllegalStateException("a result of another command: " + result);
  }

  <T> FrontAnswer<T> overloaded() {
    overloadedCount++;
    return new FrontAnswer.Overloaded<>(config.retryAfterMillis());
  }

  /** Logs a command together with what else gathers. */
  void log(
      Command command,
      long bytes,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> listener) {
    if (commands.hasRoom(command, bytes)) {
      commands.add(command, bytes, deadlineNanos, listener);
    } else {
      listener.accept(overloaded());
    }
  }

  /** Waits for the same command if it is on its way already; false if it is not. */
  boolean maybeJoin(
      Command command, long deadlineNanos, Consumer<FrontAnswer<CommandResult>> listener) {
    return commands.maybeJoin(command, deadlineNanos, listener);
  }

  void read(
      Transaction transaction, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> listener) {
    requestCount++;
    view(transaction, state -> Views.outcome(transaction, state), deadlineNanos, listener);
  }

  /** Shows what a transaction that only reads wants to see. */
  <T> void view(
      Transaction transaction,
      Function<ShardState, T> view,
      long deadlineNanos,
      Consumer<FrontAnswer<T>> listener) {
    Optional<Refusal> refusal = door.reading(transaction, state().state().settings.limits());
    if (refusal.isPresent()) {
      listener.accept(new FrontAnswer.Denied<>(refusal.get()));
      return;
    }
    long bytes = READ_BYTES + HeapSizes.transaction(transaction);
    if (calls.reads().isFull()
        || !calls.reads().hasRoom(bytes, config.commandBytesMax() / READS_PART)) {
      listener.accept(overloaded());
    } else {
      readCount++;
      PendingCall<T> call = calls.reads().add(bytes, deadlineNanos, listener);
      reads.add(new KeyReading<>(call, Door.keysOf(transaction), rules, view));
    }
  }

  void scan(ScanSpec spec, long deadlineNanos, Consumer<FrontAnswer<ScanResult>> listener) {
    requestCount++;
    if (calls.scans().isFull()) {
      listener.accept(overloaded());
    } else {
      scanCount++;
      reads.add(new ScanReading(calls.scans().add(deadlineNanos, listener), spec, scanPlace));
    }
  }

  void outcome(OutcomeAsk ask, long deadlineNanos, Consumer<FrontAnswer<RequestReport>> listener) {
    questions.ask(ask, deadlineNanos, listener);
  }

  void participate(ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> listener) {
    if (call instanceof ParticipantCall.Order) {
      orderCount++;
    }
    participant.onCall(call, deadlineNanos, listener);
  }

  private final class News implements FrontMachine.Listener {
    @Override
    public void onExecuted(TxnId txn, RequestOutcome outcome) {
      executions.onExecuted(txn, outcome);
    }

    @Override
    public void afterEntry() {
      executions.afterEntry();
    }

    @Override
    public void onChange(TxnId txn) {
      participant.onChange(txn);
    }

    @Override
    public void onUnready(TxnId txn) {
      reads.onUnready(txn);
    }

    @Override
    public void onLoaded() {
      clock.reached(state().state().clock());
      reads.onLoaded();
    }

    @Override
    public void onFailed(StorageException cause) {
      replica.fail(cause);
    }
  }
}
