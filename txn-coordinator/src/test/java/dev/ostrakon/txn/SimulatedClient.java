package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other, and again what it does not know the outcome of, as the SDK does.
 */
final class SimulatedClient {
  private static final int KEYS = 6;
  private static final int CALLS_MAX = 40;
  private static final int SENDINGS_MAX = 6;
  private static final long DEADLINE_MILLIS = 150;

  private final TxnSimulation world;
  private final SplittableRandom random;
  private final ClientId id;
  private long sequence;
  private int lastNumber;
  private @Nullable Job job;

  /** One call, over all its sendings. */
  private static final class Job {
    final Transaction transaction;
    final AppendHistory.Call call;
    final HybridTimestamp issuedAt;
    int attempt = 1;
    int sendings;

    /** Changes with each sending: what belongs to an earlier one is not listened to. */
    int epoch;

    /** Whether some attempt may yet have an effect that nobody told of. */
    boolean isUncertain;

    /** The same of an attempt that nobody asks about any more. */
    boolean isForeverUncertain;

    BooleanSupplier isNodeDead = () -> false;

    Job(Transaction transaction, AppendHistory.Call call, HybridTimestamp issuedAt) {
      this.transaction = transaction;
      this.call = call;
      this.issuedAt = issuedAt;
    }
  }

  SimulatedClient(TxnSimulation world, int index) {
    this.world = world;
    this.random = world.random().split();
    this.id = new ClientId(0, index + 1);
    this.lastNumber = index * 1_000;
  }

  boolean isBusy() {
    return job != null;
  }

  void begin() {
    if (world.isCalm() || sequence >= CALLS_MAX) {
      return;
    }
    sequence++;
    AppendHistory.Call call = world.history().begin(world.now());
    Transaction transaction = draw(call);
    world.atAnyNode(
        (coordinators, configuration, clock, isDead) -> {
          Job begun = new Job(transaction, call, clock.now());
          job = begun;
          send(begun);
        });
  }

  /** The connection broke: whatever was sent there gets no answer. */
  void onNodeDied() {
    Job present = job;
    if (present != null && present.isNodeDead.getAsBoolean()) {
      present.isUncertain = true;
      again(present);
    }
  }

  private Transaction draw(AppendHistory.Call call) {
    boolean isRead = random.nextInt(10) < 4;
    int count = random.nextInt(10) < 8 ? 2 + random.nextInt(2) : 1;
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(Key.utf8("list" + i));
    }
    List<Condition> conditions = new ArrayList<>();
    List<Operation> then = new ArrayList<>();
    List<Operation> otherwise = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Key key = keys.remove(random.nextInt(keys.size()));
      if (isRead || random.nextBoolean()) {
        then.add(new Operation.Get(key));
      }
      if (!isRead && (i == 0 || random.nextInt(10) < 8)) {
        lastNumber++;
        then.add(new Operation.Append(key, Value.utf8("," + lastNumber)));
        call.appends.computeIfAbsent(key, ignored -> new ArrayList<>()).add(lastNumber);
      }
      if (random.nextInt(10) == 0) {
        conditions.add(
            random.nextInt(4) == 0 ? new Condition.Missing(key) : new Condition.Exists(key));
        otherwise.add(new Operation.Get(key));
      }
    }
    return new Transaction(conditions, then, otherwise);
  }

  private boolean isRead(Job of) {
    return of.call.appends.isEmpty() && sequence % 4 != 0;
  }

  private void send(Job of) {
    of.sendings++;
    of.epoch++;
    int epoch = of.epoch;
    world.atAnyNode(
        (coordinators, configuration, clock, isDead) -> {
          of.isNodeDead = isDead;
          long deadline = world.now() + DEADLINE_MILLIS * TxnSimulation.NANOS_PER_MILLI;
          Split split = Split.of(of.transaction, configuration);
          Request request =
              new Request(
                  new TxnId(new RequestId(id, sequence), of.attempt),
                  of.issuedAt,
                  Acknowledgement.upTo(sequence - 1),
                  of.transaction);
          if (split.participants().size() == 1) {
            execute(of, epoch, request, split, clock.now());
          } else if (isRead(of)) {
            coordinators.read(
                of.transaction, configuration, deadline, answer -> onAnswer(of, epoch, answer));
          } else {
            coordinators.run(
                request, configuration, deadline, answer -> onAnswer(of, epoch, answer));
          }
        });
  }

  private void execute(Job of, int epoch, Request request, Split split, HybridTimestamp at) {
    FakeGroup group = world.group(split.participants().get(0));
    world.after(
        1 + random.nextInt(5),
        () ->
            group.execute(
                request,
                at,
                outcome ->
                    world.after(
                        1 + random.nextInt(5),
                        () ->
                            onAnswer(
                                of,
                                epoch,
                                outcome instanceof RequestOutcome.Refused refused
                                    ? new TxnAnswer.Denied(refused.refusal())
                                    : new TxnAnswer.Done(outcome)))));
    world.after(DEADLINE_MILLIS, () -> onAnswer(of, epoch, new TxnAnswer.Unknown()));
  }

  private void onAnswer(Job of, int epoch, TxnAnswer answer) {
    if (job != of || of.epoch != epoch) {
      return;
    }
    if (answer instanceof TxnAnswer.Done over) {
      if (over.outcome() instanceof RequestOutcome.Committed committed) {
        record(of, committed);
        finish(of);
      } else if (over.outcome() instanceof RequestOutcome.Refused refused) {
        onRefused(of, refused.refusal());
      }
    } else if (answer instanceof TxnAnswer.DoneUnread unread) {
      of.call.isDone = unread.branch() == Branch.THEN;
      of.call.isRefused = unread.branch() != Branch.THEN;
      finish(of);
    } else if (answer instanceof TxnAnswer.Displaced) {
      of.attempt++;
      of.isForeverUncertain |= of.isUncertain;
      again(of);
    } else {
      of.isUncertain |= answer instanceof TxnAnswer.Unknown;
      again(of);
    }
  }

  private void onRefused(Job of, Refusal refusal) {
    switch (refusal.reason()) {
      case NOT_ORDERED, CLOCK_SKEW -> {
        of.attempt++;
        of.isUncertain = false;
        again(of);
      }
      case WINDOW_PASSED -> giveUp();
      default -> throw new AssertionError("refused: " + refusal);
    }
  }

  private void record(Job of, RequestOutcome.Committed committed) {
    of.call.isDone = committed.branch() == Branch.THEN;
    of.call.isRefused = committed.branch() != Branch.THEN;
    List<Operation> operations =
        committed.branch() == Branch.THEN ? of.transaction.then() : of.transaction.otherwise();
    if (committed.branch() == Branch.THEN) {
      for (Condition condition : of.transaction.conditions()) {
        boolean isExists = condition instanceof Condition.Exists;
        (isExists ? of.call.existing : of.call.missing).add(condition.key());
      }
    }
    if (committed.results().size() != operations.size()) {
      return; // The memory of a fragment of a request whose slots are together now.
    }
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) instanceof Operation.Get get) {
        String text =
            committed.results().get(i) instanceof OperationResult.Present present
                ? present.value().bytes().toUtf8()
                : "";
        of.call.reads.put(get.key(), AppendHistory.parse(text));
      }
    }
  }

  private void finish(Job of) {
    of.call.endedAt = world.now();
    job = null;
    world.after(random.nextInt(30), this::begin);
  }

  private void again(Job of) {
    if (of.sendings < SENDINGS_MAX) {
      of.epoch++;
      world.after(random.nextInt(30), () -> resend(of));
    } else if (of.isUncertain || of.isForeverUncertain || of.call.appends.isEmpty()) {
      giveUp();
    } else {
      of.call.isRefused = true;
      giveUp();
    }
  }

  private void resend(Job of) {
    if (job == of) {
      send(of);
    }
  }

  /** The call stays open: it may take effect at any time, or never. */
  private void giveUp() {
    job = null;
    world.after(random.nextInt(30), this::begin);
  }
}
