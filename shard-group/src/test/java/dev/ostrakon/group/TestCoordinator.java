package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One attempt to drive a transaction by PROTOCOL.md: the original one, or a recovery. */
final class TestCoordinator {
  /** What a transaction is, for everybody who drives it. */
  record Txn(
      TxnId id,
      HybridTimestamp issuedAt,
      Acknowledgement acknowledgement,
      SortedMap<GroupId, Transaction> fragments) {
    List<GroupId> participants() {
      return List.copyOf(fragments.keySet());
    }
  }

  /** What was decided, with each participant's results if they are known. */
  record Decision(TxnOutcome outcome, Map<GroupId, List<OperationResult>> results) {}

  /** The world as a coordinator sees it. */
  interface World {
    TestGroup group(GroupId id);

    HybridTimestamp now();

    TestNetwork network();

    /** The mutation under test, or none. */
    boolean mutates(String what);

    void decided(Txn txn, Decision decision);
  }

  private final World world;
  final Txn txn;
  final boolean isRecovery;
  private final HybridTimestamp proposed;
  private final TreeMap<GroupId, TxnStatus> statuses = new TreeMap<>();
  private final SortedSet<GroupId> applied = new TreeSet<>();
  boolean isDead;
  private boolean isDecided;

  TestCoordinator(World world, Txn txn, HybridTimestamp proposed, boolean isRecovery) {
    this.world = world;
    this.txn = txn;
    this.isRecovery = isRecovery;
    this.proposed = proposed;
    txn.participants().forEach(this::sendOrder);
  }

  boolean isActive() {
    return !isDead && !isDecided;
  }

  private void sendOrder(GroupId group) {
    send(
        () -> {
          if (isRecovery) {
            world
                .group(group)
                .apply(world.now(), new Command.Refuse(txn.id(), txn.issuedAt(), List.of()));
          } else {
            Request request =
                new Request(
                    txn.id(),
                    txn.issuedAt(),
                    txn.acknowledgement(),
                    Known.get(txn.fragments(), group));
            world
                .group(group)
                .apply(world.now(), new Command.Order(request, proposed, txn.participants()));
          }
          answer(group);
        },
        () -> sendOrder(group));
  }

  private void sendFinalise(GroupId group, HybridTimestamp timestamp) {
    send(
        () -> {
          if (!world.mutates("finalise not logged")) {
            world.group(group).apply(world.now(), new Command.Finalise(txn.id(), timestamp));
          }
          answer(group);
        },
        () -> sendFinalise(group, timestamp));
  }

  private void poll(GroupId group) {
    send(() -> answer(group), () -> poll(group));
  }

  private void answer(GroupId group) {
    TxnStatus status = world.group(group).status(txn.id());
    world.network().send(() -> onStatus(group, status), () -> poll(group));
  }

  private void send(Runnable deliver, Runnable lost) {
    world
        .network()
        .send(
            deliver,
            () -> {
              if (isActive()) {
                lost.run();
              }
            });
  }

  private void onStatus(GroupId group, TxnStatus status) {
    if (!isActive()) {
      return;
    }
    if (status instanceof TxnStatus.Unknown) {
      sendOrder(group);
      return;
    }
    boolean isFirst = statuses.put(group, status) == null;
    if (statuses.size() < txn.participants().size()) {
      if (status instanceof TxnStatus.Waiting) {
        poll(group);
      }
      return;
    }
    decide(group, isFirst);
  }

  private void decide(GroupId latest, boolean isFirst) {
    Optional<TxnOutcome> known = knownOutcome();
    if (known.isPresent()) {
      finish(new Decision(known.get(), Map.of()));
      return;
    }
    HybridTimestamp last = HybridTimestamp.ZERO;
    for (TxnStatus status : statuses.values()) {
      last = HybridTimestamp.max(last, proposalOf(status));
    }
    boolean allReady = true;
    for (Map.Entry<GroupId, TxnStatus> entry : statuses.entrySet()) {
      boolean isDue = isFirst || entry.getKey().equals(latest);
      boolean isBelow = timestampOf(entry.getValue()).isBefore(last);
      if (isBelow && !world.mutates("reads below the final timestamp")) {
        allReady = false;
        if (isDue) {
          sendFinalise(entry.getKey(), last);
        }
      } else if (!(entry.getValue() instanceof TxnStatus.Ready)) {
        allReady = false;
        if (isDue) {
          poll(entry.getKey());
        }
      }
    }
    if (allReady) {
      finish(evaluate());
    }
  }

  private Optional<TxnOutcome> knownOutcome() {
    for (TxnStatus status : statuses.values()) {
      if (status instanceof TxnStatus.Finished finished) {
        return Optional.of(finished.outcome());
      }
    }
    for (TxnStatus status : statuses.values()) {
      if (status instanceof TxnStatus.Refused refused
          && !world.mutates("commit with a missing participant")) {
        return Optional.of(new TxnOutcome.Abort(refused.refusal()));
      }
    }
    return Optional.empty();
  }

  private Decision evaluate() {
    boolean conditionsHold =
        statuses.values().stream()
            .allMatch(s -> s instanceof TxnStatus.Ready r && r.evaluation().conditionsHold());
    Branch branch = conditionsHold ? Branch.THEN : Branch.OTHERWISE;
    TreeMap<GroupId, List<OperationResult>> results = new TreeMap<>();
    for (Map.Entry<GroupId, TxnStatus> entry : statuses.entrySet()) {
      if (entry.getValue() instanceof TxnStatus.Ready ready) {
        BranchResult result = ready.evaluation().of(branch);
        if (result instanceof BranchResult.Impossible impossible) {
          return new Decision(new TxnOutcome.Abort(impossible.refusal()), Map.of());
        }
        if (result instanceof BranchResult.Results given) {
          results.put(entry.getKey(), given.results());
        }
      }
    }
    return new Decision(new TxnOutcome.Commit(branch), results);
  }

  private void finish(Decision decision) {
    isDecided = true;
    if (!isRecovery) {
      world.decided(txn, decision);
    }
    HybridTimestamp at = HybridTimestamp.ZERO;
    for (TxnStatus status : statuses.values()) {
      at = HybridTimestamp.max(at, timestampOf(status));
    }
    HybridTimestamp place = at;
    txn.participants().forEach(group -> sendApply(group, place, decision.outcome()));
  }

  private void sendApply(GroupId group, HybridTimestamp at, TxnOutcome outcome) {
    world
        .network()
        .send(
            () -> {
              if (isDead) {
                return;
              }
              TxnStatus after =
                  world
                      .group(group)
                      .statusAfter(world.now(), new Command.Apply(txn.id(), at, outcome));
              if (outcome instanceof TxnOutcome.Commit
                  && !(after instanceof TxnStatus.Finished)
                  && !world.mutates("commit with a missing participant")
                  && !isGone(after)) {
                throw new AssertionError("an outcome could not be applied: " + after);
              }
              onApplied(group);
            },
            () -> {
              if (!isDead) {
                sendApply(group, at, outcome);
              }
            });
  }

  /** After FORGET and the client's acknowledgement nothing but a refusal is left. */
  private static boolean isGone(TxnStatus status) {
    return status instanceof TxnStatus.Refused refused
        && refused.refusal().reason() == Refusal.Reason.WINDOW_PASSED;
  }

  private void onApplied(GroupId group) {
    applied.add(group);
    if (applied.size() == txn.participants().size()) {
      for (GroupId each : txn.participants()) {
        world
            .network()
            .send(
                () -> world.group(each).apply(world.now(), new Command.Forget(List.of(txn.id()))),
                () -> {});
      }
    }
  }

  private static HybridTimestamp proposalOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.proposal();
    }
    return status instanceof TxnStatus.Ready ready ? ready.proposal() : HybridTimestamp.ZERO;
  }

  private static HybridTimestamp timestampOf(TxnStatus status) {
    if (status instanceof TxnStatus.Waiting waiting) {
      return waiting.timestamp();
    }
    if (status instanceof TxnStatus.Ready ready) {
      return ready.timestamp();
    }
    return status instanceof TxnStatus.Finished finished
        ? finished.timestamp()
        : HybridTimestamp.ZERO;
  }
}
