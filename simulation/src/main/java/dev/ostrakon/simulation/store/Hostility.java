package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Sends what no correct node or client sends, in some runs: timestamps that are years ahead, orders
 * for a group that does not exist, and requests under an id that was used before. The former must
 * leave no trace, the latter must not be answered with what became of the first.
 */
final class Hostility {

  /** The first half of the names under which it sends; no client has it. */
  private static final long STRANGERS = 2_000_000;

  private static final int NO_GROUP = 99;
  private static final long YEARS_MILLIS = 10L * 365 * 86_400_000; // 10 years
  private static final long MEAN_GAP_UNITS = 4;
  private static final double REUSE_CHANCE = 0.2;

  private final StoreCluster store;
  private final StoreKeys keys;
  private final Findings findings;
  private final RandomSource random;
  private final long unitNanos;
  private final boolean isHostile;
  private BooleanSupplier running = () -> false;
  private long count;

  Hostility(
      StoreCluster store, StoreKeys keys, Findings findings, long unitNanos, RandomSource random) {
    this.store = store;
    this.keys = keys;
    this.findings = findings;
    this.random = random;
    this.unitNanos = unitNanos;
    this.isHostile = random.chance(0.2);
  }

  /** Sends again and again from now on, while this holds. */
  void start(BooleanSupplier whileRunning) {
    running = whileRunning;
    if (isHostile) {
      scheduleNext();
    }
  }

  private void scheduleNext() {
    store.later(
        random.nextLong(1, 2 * MEAN_GAP_UNITS * unitNanos),
        () -> {
          if (running.getAsBoolean()) {
            happen();
            scheduleNext();
          }
        });
  }

  private void happen() {
    List<Integer> groups = new ArrayList<>(keys.groups());
    int group = groups.get(random.nextInt(groups.size()));
    ParticipantCall call = forged(group);
    leaderOf(group)
        .ifPresent(
            life ->
                life.process()
                    .run(
                        () ->
                            front(life)
                                .participate(
                                    call, life.process().nowNanos() + unitNanos, answer -> {})));
  }

  private Optional<Life<BatchResult, StoreMachine>> leaderOf(int group) {
    return store.cluster().membersOf(group).stream()
        .map(Member::life)
        .flatMap(Optional::stream)
        .filter(life -> !life.replica().isStopped())
        .filter(life -> front(life).isLeading() && front(life).hasConfiguration())
        .findFirst();
  }

  private static ShardFront front(Life<BatchResult, StoreMachine> life) {
    return life.machine().front();
  }

  private ParticipantCall forged(int group) {
    count++;
    RequestId request = new RequestId(new ClientId(STRANGERS, count), 1);
    HybridTimestamp now = new HybridTimestamp(store.toldMillis(), 0);
    HybridTimestamp ahead = new HybridTimestamp(now.wallMillis() + YEARS_MILLIS, 0);
    return switch (random.nextInt(5)) {
      case 0, 1 -> order(request, group, now, now, NO_GROUP);
      case 2 -> order(request, group, now, ahead, group);
      case 3 -> new ParticipantCall.Refuse(new TxnId(request, 1), ahead);
      default -> new ParticipantCall.Finalise(new TxnId(request, 1), ahead);
    };
  }

  private ParticipantCall order(
      RequestId request, int group, HybridTimestamp issuedAt, HybridTimestamp proposed, int other) {
    TreeSet<GroupId> participants = new TreeSet<>();
    participants.add(new GroupId(group));
    participants.add(new GroupId(other));
    return new ParticipantCall.Order(
        new Request(
            new TxnId(request, 1), issuedAt, Acknowledgement.NONE, transaction(anyKey(group))),
        proposed,
        List.copyOf(participants),
        store.configuration().number(),
        false);
  }

  private Key anyKey(int group) {
    List<Key> all = keys.of(StoreCall.Kind.REGISTERS, group);
    return all.get(random.nextInt(all.size()));
  }

  private static Transaction transaction(Key key) {
    return Transaction.of(List.of(new Operation.Put(key, Value.utf8("forged"))));
  }

  /** A request was carried out: now and then its id is used for another one. */
  void onCommitted(StoreCall call, Request request) {
    if (isHostile
        && running.getAsBoolean()
        && call.isRequest()
        && call.group() != StoreCall.SEVERAL
        && !MemoryQuestions.written(request.transaction()).isEmpty() // Else none remembers it.
        && random.chance(REUSE_CHANCE)) {
      Request other =
          new Request(
              request.id(),
              request.issuedAt(),
              request.acknowledgement(),
              transaction(anyKey(call.group())));
      store.later(
          random.nextLong(1, 2 * unitNanos),
          () ->
              leaderOf(call.group())
                  .ifPresent(life -> life.process().run(() -> reuse(life, other))));
    }
  }

  private void reuse(Life<BatchResult, StoreMachine> life, Request other) {
    front(life)
        .execute(
            other,
            life.process().nowNanos() + unitNanos,
            answer -> {
              if (answer instanceof FrontAnswer.Done<RequestOutcome> done
                  && done.value() instanceof RequestOutcome.Committed committed) {
                findings.report(Invariant.ID_OF_ONE_REQUEST, other.id() + " again: " + committed);
              }
            });
  }
}
