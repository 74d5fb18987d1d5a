package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything over several groups that one owner coordinates: transactions, reads, recoveries and
 * questions about outcomes. Nothing is kept on disk; what is underway when the owner dies is
 * finished by recoveries elsewhere.
 *
 * <p>Confined to its owner: an event loop of a node, or the one thread of a simulation. {@link
 * #tick} has to be called often, for pauses and deadlines are as exact as it is frequent.
 */
public final class Coordinators {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Beyond this many lists of participants for one id something is very wrong. */
  private static final int FOLLOWS_MAX = 8;

  /** What is driven: the same id under other participants is another matter. */
  private record RunKey(TxnId id, List<GroupId> participants) {}

  private final CoordinatorConfig config;
  private final TxnRules rules;
  private final CoordinatorPorts ports;
  private final Courier courier;
  private final Forgets forgets;
  private final Reads reads;
  private final Tally tally = new Tally();
  private final Map<RunKey, Drive> drives = new LinkedHashMap<>();
  private final Drive.Surroundings surroundings = new Surroundings();
  private boolean isStopped;

  /** How many of the drives are recoveries. */
  private int recoveryCount;

  /**
   * Coordinates nothing yet.
   *
   * @param self the client under whose name reads are run as transactions: unique to this object,
   *     over restarts, too
   */
  public Coordinators(
      CoordinatorConfig config, TxnRules rules, CoordinatorPorts ports, ClientId self) {
    this.config = config;
    this.rules = rules;
    this.ports = ports;
    this.courier = new Courier(config, ports);
    this.forgets = new Forgets(config, courier);
    this.reads = new Reads(new Reads.Parts(config, rules, ports, courier, tally), self, this::run);
  }

  /**
   * Runs a transaction, also the same attempt once more. Answers exactly once, at the latest with
   * the first {@link #tick} after the deadline. A transaction whose deadline has passed is still
   * finished, within a bound.
   *
   * @param configuration by which the keys are routed
   * @param deadlineNanos by {@link MonotonicClock}
   */
  public void run(
      Request request, Configuration configuration, long deadlineNanos, Consumer<TxnAnswer> done) {
    Optional<Refusal> refusal =
        Admission.refusal(request.transaction(), configuration, config.limits());
    if (refusal.isPresent()) {
      done.accept(new TxnAnswer.Denied(refusal.get()));
      return;
    }
    Split split = Split.of(request.transaction(), configuration);
    RunKey key = new RunKey(request.id(), split.participants());
    Drive drive = drives.get(key);
    if (drive == null) {
      if (isFull(drives.size() - recoveryCount)) {
        done.accept(overloaded());
        return;
      }
      HybridTimestamp proposed = ports.hybridClock().now();
      drive = add(key, original(request, split, proposed), deadlineNanos);
      drive.await(deadlineNanos, told -> done.accept(answer(told, split)));
      drive.start();
    } else {
      drive.await(deadlineNanos, told -> done.accept(answer(told, split)));
    }
  }

  /**
   * Reads keys of several groups as of one moment. Answers exactly once. Needs no id: whatever it
   * does may be done again.
   *
   * @param transaction has no operations but gets
   */
  public void read(
      Transaction transaction,
      Configuration configuration,
      long deadlineNanos,
      Consumer<TxnAnswer> done) {
    Optional<Refusal> refusal =
        Admission.refusal(transaction, configuration, config.limits())
            .or(() -> Admission.noRead(transaction));
    if (refusal.isPresent()) {
      done.accept(new TxnAnswer.Denied(refusal.get()));
    } else if (isStopped || reads.isFull()) {
      done.accept(overloaded());
    } else {
      reads.read(transaction, configuration, deadlineNanos, done);
    }
  }

  /**
   * Finishes a transaction whose coordinator fell silent, and tells its outcome. Answers exactly
   * once. Several recoveries may compete with each other and with the original: all find the same.
   *
   * <p>This is also how an outcome is looked up: ask a group that owns a key of the request, which
   * refuses it if it was never heard of, and recover what is pending there. A list of participants
   * that was guessed from a configuration would not do, for they refuse what they do not know even
   * where the keys are still with others.
   *
   * @param issuedAt of its request
   * @param participants as they were named when it was ordered, in any order
   */
  public void recover(
      TxnId txn,
      HybridTimestamp issuedAt,
      Collection<GroupId> participants,
      long deadlineNanos,
      Consumer<TxnReport> done) {
    List<GroupId> sorted = List.copyOf(new TreeSet<>(participants));
    recover(new RunKey(txn, sorted), issuedAt, deadlineNanos, done);
  }

  /** Does what is due. */
  public void tick() {
    if (isStopped) {
      return;
    }
    courier.tick();
    long now = courier.nowNanos();
    List.copyOf(drives.values()).forEach(drive -> drive.tick(now));
    List<Drive> over = new ArrayList<>();
    drives
        .values()
        .removeIf(
            drive -> {
              boolean isOver = drive.isOver(now) && rules.givesRoomBack();
              if (isOver) {
                over.add(drive);
              }
              return isOver;
            });
    over.forEach(this::giveUp);
    reads.tick(now);
    forgets.tick();
  }

  /** Ends for good: everybody who waits is answered, and nothing is taken in any more. */
  public void stop() {
    isStopped = true;
    List<Drive> all = List.copyOf(drives.values());
    drives.clear();
    recoveryCount = 0;
    all.forEach(Drive::stop);
    reads.stop();
    courier.stop();
    forgets.stop();
  }

  /** Figures of now. */
  public TxnStatistics statistics() {
    return tally.toStatistics(
        new Tally.Present(drives.size(), recoveryCount, reads.size(), forgets.size()),
        courier.retries());
  }

  /**
   * What the recoveries wait for: of how many each group has still to answer, or to answer anew.
   * Ascending by group.
   */
  public SortedMap<GroupId, Integer> recoveriesWaitFor() {
    SortedMap<GroupId, Integer> groups = new TreeMap<>();
    if (recoveryCount > 0) {
      for (Drive drive : drives.values()) {
        if (drive.run().isRecovery()) {
          drive.run().waitsFor().forEach(group -> groups.merge(group, 1, Integer::sum));
        }
      }
    }
    return groups;
  }

  private Run original(Request request, Split split, HybridTimestamp proposed) {
    boolean isReadOnly = Admission.noRead(request.transaction()).isEmpty();
    Function<GroupId, ParticipantCall> orders =
        group -> order(request, split, group, proposed, isReadOnly);
    TxnId id = request.id();
    HybridTimestamp issuedAt = request.issuedAt();
    return isReadOnly
        ? new ReadRun(id, issuedAt, split.participants(), orders, rules)
        : TxnRun.original(id, issuedAt, split.participants(), orders, rules);
  }

  private static ParticipantCall order(
      Request request, Split split, GroupId group, HybridTimestamp proposed, boolean isReadOnly) {
    Transaction fragment = split.fragments().getOrDefault(group, Transaction.of(List.of()));
    return new ParticipantCall.Order(
        request.withFragment(fragment),
        proposed,
        split.participants(),
        split.configuration(),
        isReadOnly);
  }

  private TxnAnswer answer(Told told, Split split) {
    TxnAnswer answer = Answers.of(told, split);
    if (answer instanceof TxnAnswer.Unknown) {
      tally.unknown++;
    }
    return answer;
  }

  private void recover(
      RunKey key, HybridTimestamp issuedAt, long deadlineNanos, Consumer<TxnReport> done) {
    Consumer<Told> listener = told -> done.accept(reportOf(told));
    Drive drive = drives.get(key);
    if (drive != null) {
      drive.await(deadlineNanos, listener);
    } else if (isFull(recoveryCount) || key.participants().isEmpty()) {
      done.accept(new TxnReport.Unknown());
    } else {
      TxnRun run = TxnRun.recovery(key.id(), issuedAt, key.participants(), rules);
      Drive added = add(key, run, deadlineNanos);
      added.await(deadlineNanos, listener);
      added.start();
    }
  }

  private static TxnReport reportOf(Told told) {
    return told instanceof Told.Reported reported
        ? reported.report()
        : new TxnReport.Unknown(); // The original run that was joined never got anywhere.
  }

  /**
   * Recoveries have room of their own: what others wait for must not be turned away because they
   * wait.
   */
  private boolean isFull(int present) {
    boolean isFull = isStopped || present >= config.txnsMax();
    if (isFull) {
      tally.overloaded++;
    }
    return isFull;
  }

  private TxnAnswer overloaded() {
    return new TxnAnswer.Overloaded(config.retryAfterMillis());
  }

  private Drive add(RunKey key, Run run, long deadlineNanos) {
    long now = courier.nowNanos();
    long end = Math.max(now, deadlineNanos) + config.driveMillis() * NANOS_PER_MILLI;
    Drive drive = new Drive(run, courier, surroundings, end);
    drives.put(key, drive);
    recoveryCount += run.isRecovery() ? 1 : 0;
    return drive;
  }

  private void giveUp(Drive drive) {
    recoveryCount -= drive.run().isRecovery() ? 1 : 0;
    if (!drive.run().isEnded() && drive.run().mayBeLogged()) {
      tally.leftToRecovery++;
    }
    drive.stop();
  }

  private final class Surroundings implements Drive.Surroundings {
    /** Which lists led to which, so that two that point to each other are seen through. */
    private final Map<RunKey, Set<RunKey>> followed = new LinkedHashMap<>();

    @Override
    public void follow(Drive drive, Effect.Follow follow, Consumer<TxnReport> done) {
      Run run = drive.run();
      RunKey from = new RunKey(run.id(), run.participants());
      RunKey to = new RunKey(run.id(), follow.participants());
      Set<RunKey> path = new LinkedHashSet<>(followed.getOrDefault(from, Set.of()));
      path.add(from);
      if (path.contains(to)) {
        // Each of them lacks a participant that takes part under another: none can be committed.
        done.accept(
            new TxnReport.NotCommitted(
                new Refusal(
                    Refusal.Reason.NOT_ORDERED,
                    "the attempt was ordered under different participants")));
      } else if (path.size() > FOLLOWS_MAX) {
        done.accept(new TxnReport.Unknown());
      } else {
        followed.put(to, path);
        long end = courier.nowNanos() + config.driveMillis() * NANOS_PER_MILLI;
        recover(
            to,
            run.issuedAt(),
            end,
            report -> {
              followed.remove(to);
              done.accept(report);
            });
      }
    }

    @Override
    public void forget(Run run, Effect.Forget forget) {
      forget.groups().forEach(group -> forgets.add(group, run.id()));
    }

    @Override
    public void reported(Run run, TxnReport report) {
      tally.onReport(run, report);
    }
  }
}
