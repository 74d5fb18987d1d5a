package dev.ostrakon.node.transaction;

import dev.ostrakon.group.OverdueTxn;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.Routes;
import dev.ostrakon.node.kv.Transactions;
import dev.ostrakon.node.participant.NodeParticipants;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.txn.CoordinatorConfig;
import dev.ostrakon.txn.CoordinatorPorts;
import dev.ostrakon.txn.Coordinators;
import dev.ostrakon.txn.TxnAnswer;
import dev.ostrakon.txn.TxnReport;
import dev.ostrakon.txn.TxnRules;
import dev.ostrakon.txn.TxnStatistics;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Brings calls over several groups to the coordinators of this loop. Confined to it. */
public final class MultiGroupCalls implements Transactions {
  /** Every so many ticks somebody may want to know what recoveries wait for. */
  private static final int TICKS_PER_LOOK = 64;

  private static final long RECOVERY_NANOS = 10_000_000_000L; // 10 s

  private final Scheduler loop;
  private final ClusterMap map;
  private final Coordinators coordinators;

  /** A copy for other threads, as of the last tick. */
  private volatile TxnStatistics statistics;

  /** Likewise: what the recoveries wait for. */
  private volatile SortedMap<GroupId, Integer> recoveriesWaitFor = new TreeMap<>();

  private int ticksToLook;

  /** The coordinators of one loop. */
  public MultiGroupCalls(
      HybridLogicalClock clock,
      Scheduler loop,
      NodeParticipants participants,
      ClusterMap map,
      Limits limits) {
    this.loop = loop;
    this.map = map;
    SecureRandom secure = new SecureRandom();
    RandomSource jitter = new RandomSource(secure.nextLong());
    this.coordinators =
        new Coordinators(
            CoordinatorConfig.DEFAULTS.withLimits(limits),
            TxnRules.STANDARD,
            new CoordinatorPorts(
                clock, loop::nowNanos, participants::send, bound -> jitter.nextLong(0, bound)),
            new ClientId(secure.nextLong(), secure.nextLong()));
    this.statistics = coordinators.statistics();
  }

  @Override
  public void execute(Request request, Routes routes, long deadlineNanos, Consumer<KvAnswer> done) {
    coordinators.run(
        request, routes.configuration(), deadlineNanos, answer -> done.accept(answerOf(answer)));
  }

  @Override
  public void read(
      Transaction transaction, Routes routes, long deadlineNanos, Consumer<KvAnswer> done) {
    coordinators.read(
        transaction,
        routes.configuration(),
        deadlineNanos,
        answer -> done.accept(answerOf(answer)));
  }

  @Override
  public void recover(
      TxnId txn, HybridTimestamp issuedAt, List<GroupId> participants, Runnable done) {
    coordinators.recover(
        txn, issuedAt, participants, loop.nowNanos() + RECOVERY_NANOS, report -> done.run());
  }

  /**
   * Takes a transaction over.
   *
   * @param done told whether its outcome was found in time
   */
  public void recover(OverdueTxn overdue, Consumer<Boolean> done) {
    coordinators.recover(
        overdue.txn(),
        overdue.issuedAt(),
        overdue.participants(),
        loop.nowNanos() + RECOVERY_NANOS,
        report -> done.accept(!(report instanceof TxnReport.Unknown)));
  }

  /** What was done so far, by name; any thread. */
  public Map<String, Long> figures() {
    TxnStatistics now = statistics;
    Map<String, Long> figures = new TreeMap<>();
    figures.put(NodeStatus.TXN_DECIDED, now.fastPath() + now.slowPath());
    figures.put(NodeStatus.TXN_DECIDED_FAST, now.fastPath());
    figures.put("txn_aborted", now.aborted());
    figures.put("txn_active", (long) now.active());
    figures.put("txn_recovered", now.recovered());
    figures.put(NodeStatus.TXN_RECOVERING, (long) now.recovering());
    recoveriesWaitFor.forEach(
        (group, count) ->
            figures.put(NodeStatus.TXN_RECOVERING_WAITS_FOR_GROUP + group, (long) count));
    figures.put("txn_left_to_recovery", now.leftToRecovery());
    figures.put("txn_unforgotten", (long) now.unforgotten());
    figures.put("txn_reads", now.reads());
    figures.put("txn_read_retries", now.readRetries());
    figures.put("txn_reads_as_transactions", now.readsAsTransactions());
    figures.put("txn_call_retries", now.retries());
    return figures;
  }

  /** Does what is due; to be called often. */
  public void tick() {
    coordinators.tick();
    statistics = coordinators.statistics();
    if (--ticksToLook <= 0) {
      ticksToLook = TICKS_PER_LOOK;
      recoveriesWaitFor = coordinators.recoveriesWaitFor();
    }
  }

  /** Ends for good. */
  public void stop() {
    coordinators.stop();
  }

  KvAnswer answerOf(TxnAnswer answer) {
    if (answer instanceof TxnAnswer.Done told) {
      return told.outcome() instanceof RequestOutcome.Refused refused
          ? new KvAnswer.Failed(map.refused(refused.refusal()))
          : KvAnswer.of(told.outcome());
    }
    if (answer instanceof TxnAnswer.DoneUnread) {
      return failed(
          ErrorCode.RESULTS_LOST,
          "the transaction took effect; its results are not known any more, for slots have moved");
    }
    if (answer instanceof TxnAnswer.Displaced displaced) {
      return new KvAnswer.Failed(displaced(displaced.refusal(), map));
    }
    if (answer instanceof TxnAnswer.Denied denied) {
      return new KvAnswer.Failed(map.refused(denied.refusal()));
    }
    if (answer instanceof TxnAnswer.Overloaded overloaded) {
      return new KvAnswer.Failed(
          ServiceError.overloaded(
              "too many transactions are underway", (int) overloaded.retryAfterMillis()));
    }
    if (answer instanceof TxnAnswer.DeadlineExceeded) {
      return failed(
          ErrorCode.DEADLINE_EXCEEDED, "the request's time was over before it was logged");
    }
    return failed(ErrorCode.OUTCOME_UNKNOWN, "the transaction was not decided in time");
  }

  /**
   * This sending had no effect and the attempt is used up; an earlier sending may have had one. So
   * the client must go on to the next attempt and keep its doubt: an error that speaks of all
   * sendings of the attempt, or asks for the same one again, would be wrong.
   */
  static ServiceError displaced(Refusal refusal, ClusterMap map) {
    return switch (refusal.reason()) {
      case WRONG_GROUP, CLOCK_SKEW, WINDOW_PASSED, LIMIT_EXCEEDED, INVALID -> map.refused(refusal);
      case NOT_ORDERED, NOT_A_NUMBER, NUMBER_OVERFLOW, OVERLOADED ->
          ServiceError.wrongGroup(
              "the transaction was cut for groups that do not own its keys any more: "
                  + refusal.detail(),
              map.configurationNumber());
    };
  }

  private static KvAnswer failed(ErrorCode code, String message) {
    return new KvAnswer.Failed(new ServiceError(code, message));
  }
}
