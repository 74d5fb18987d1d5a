package dev.ostrakon.client;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One interactive transaction over all its tries. */
final class Interactive<T> extends TimerWheel.Entry {

  /* Optimistic: a try reads without anybody noticing and commits under the condition that every version
   * read is still the newest. If it is not, the same round brings the present values of all keys that were
   * read, as of one moment, so the next try has its reads at once and is open to conflicts for one round
   * only, where a newcomer needs two.
   *
   * So that a hot key starves nobody: transactions of this loop that have met a conflict over a key take
   * turns, first come first served, and newcomers that have read such a key queue behind them without
   * trying. What can still beat the one whose turn it is are other clients; against those its pause
   * shrinks with each conflict, from up to 16 ms to none at the sixth, so whoever has waited longest
   * tries most often.
   */

  private static final int PAUSE_MAX_MILLIS = 16;

  private final ClientLoop loop;
  private final long deadlineNanos;
  private final Function<Tx, ? extends CompletionStage<T>> function;
  final CompletableFuture<T> future;
  private final List<Key> turns = new ArrayList<>();
  private final List<Key> wanted = new ArrayList<>();
  private final Runnable onTurn = this::takeTurns;

  private Map<Key, OperationResult> learned = Map.of();
  private @Nullable Tx current;
  private int conflicts;
  private boolean isCommitting;
  private boolean isEnded;
  private boolean isPausing;
  private boolean isWaitingForTurns;
  private boolean hasWaited;

  Interactive(
      ClientLoop loop, long deadlineNanos, Function<Tx, ? extends CompletionStage<T>> function) {
    this.loop = loop;
    this.deadlineNanos = deadlineNanos;
    this.function = function;
    this.future = loop.newFuture();
  }

  @Override
  void run() {
    loop.timers().set(this, deadlineNanos);
    tryOnce();
  }

  @Override
  void refuse() {
    loop.leaveInteractive();
    loop.fail(future, new ClientClosedException("the client is closed"));
  }

  private void tryOnce() {
    Tx tx = new Tx(loop, deadlineNanos, learned);
    current = tx;
    loop.callBack(
        () -> {
          CompletionStage<T> stage;
          try {
            stage = Objects.requireNonNull(function.apply(tx), "the function gave no stage");
          } catch (Throwable e) { // Of a user's code: whatever it is, it ends this future only.
            stage = CompletableFuture.failedFuture(e);
          }
          ClientLoop.whenDone(
              stage, (value, cause) -> loop.execute(Task.of(() -> onFunction(tx, value, cause))));
        });
  }

  private void onFunction(Tx tx, T value, @Nullable Throwable cause) {
    tx.close();
    if (isEnded) {
      return;
    }
    if (cause != null) {
      onFunctionFailed(tx, unwrap(cause));
    } else if (tx.isTrivial()) {
      succeed(value);
    } else {
      settle(tx, tx.commit(), () -> succeed(value), this::fail);
    }
  }

  /** What a function makes of reads that were not true together says nothing. */
  private void onFunctionFailed(Tx tx, Throwable cause) {
    if (tx.seen().isEmpty() || tx.hasFailedRead()) {
      fail(cause);
      return;
    }
    settle(
        tx,
        tx.validation(),
        () -> fail(cause),
        unknown -> {
          if (unknown != cause) {
            unknown.addSuppressed(cause);
          }
          fail(unknown);
        });
  }

  /**
   * Ends the try by a transaction under the condition that nothing that was read has changed.
   *
   * @param held what to do if nothing had
   * @param failed what to do if nobody knows
   */
  private void settle(Tx tx, Transaction transaction, Runnable held, Consumer<Throwable> failed) {
    List<Key> contended =
        tx.seen().keySet().stream().filter(key -> loop.turns().isOthers(key, onTurn)).toList();
    if (!contended.isEmpty()) {
      wantTurns(contended);
      return;
    }
    TransactionCall<RequestOutcome.Committed> call =
        new TransactionCall<>(loop, deadlineNanos, transaction, committed -> committed);
    call.isInternal = true;
    isCommitting = true;
    ClientLoop.whenDone(
        loop.submit(call),
        (committed, cause) -> {
          isCommitting = false;
          if (cause != null) {
            failed.accept(unwrap(cause));
          } else if (committed.branch() == Branch.THEN) {
            held.run();
          } else {
            onConflict(tx, transaction.otherwise(), committed);
          }
        });
  }

  private void onConflict(Tx tx, List<Operation> again, RequestOutcome.Committed committed) {
    conflicts++;
    if (conflicts >= loop.config().retry().conflictsMax()) {
      fail(
          new ConflictException(
              "what was read had changed at each of " + conflicts + " tries", conflicts));
      return;
    }
    Map<Key, OperationResult> before = tx.seen();
    Map<Key, OperationResult> now = new TreeMap<>();
    List<Key> changed = new ArrayList<>();
    for (int i = 0; i < again.size(); i++) {
      Key key = again.get(i).key();
      OperationResult result = committed.results().get(i);
      now.put(key, result);
      if (!result.equals(before.get(key))) {
        changed.add(key);
      }
    }
    learned = now;
    if (turns.containsAll(changed)) {
      pause();
    } else {
      wantTurns(changed);
    }
  }

  /**
   * Takes turns for more keys: in the order of keys, one after the other, after leaving those that
   * it has, so that nobody waits in a circle.
   */
  private void wantTurns(List<Key> more) {
    wanted.clear();
    wanted.addAll(new TreeSet<>(turns));
    more.stream().filter(key -> !wanted.contains(key)).forEach(wanted::add);
    wanted.sort(null);
    leaveTurns();
    isWaitingForTurns = true;
    hasWaited = false;
    takeTurns();
    hasWaited = true;
  }

  private void takeTurns() {
    if (isEnded || !isWaitingForTurns) {
      return;
    }
    if (turns.size() < wanted.size()) {
      Key key = wanted.get(turns.size());
      turns.add(key);
      loop.turns().take(key, onTurn);
      return;
    }
    isWaitingForTurns = false;
    if (hasWaited) {
      learned = Map.of(); // Whoever had the turns before has changed it all.
    }
    tryOnce();
  }

  private void leaveTurns() {
    List<Key> had = List.copyOf(turns);
    turns.clear();
    had.forEach(key -> loop.turns().leave(key, onTurn));
  }

  private void pause() {
    int bound = PAUSE_MAX_MILLIS >> Math.min(conflicts - 1, 30);
    int millis = bound == 0 ? 0 : loop.random().nextInt(bound + 1);
    if (millis == 0) {
      tryOnce();
    } else {
      isPausing = true;
      long atNanos = loop.nowNanos() + millis * 1_000_000L;
      loop.timers().set(this, Math.min(deadlineNanos, atNanos));
    }
  }

  /** The end of a pause, or of all time. A commit under way has the same deadline and says how. */
  @Override
  void onTime(long nowNanos) {
    if (nowNanos < deadlineNanos && isPausing) {
      isPausing = false;
      loop.timers().set(this, deadlineNanos);
      tryOnce();
    } else if (!isCommitting) {
      fail(overdue());
    }
  }

  /** What the time was spent on. */
  private KvException overdue() {
    Tx tx = current;
    Optional<Call<?>> pending = tx == null ? Optional.empty() : tx.pendingRead();
    if (pending.isPresent()) {
      Call<?> read = pending.get();
      return Failures.overdue(read, loop.router().lastFailure()).with(read.report());
    }
    return conflicts > 0
        ? new ConflictException("time was over after " + conflicts + " conflicts", conflicts)
        : new DeadlineExceededException(
            "the transaction's function had answers to all its reads and did not complete its stage"
                + " in time",
            null);
  }

  @Override
  void onEnd() {
    if (!isCommitting) {
      fail(new ClientClosedException("the client was closed"));
    }
  }

  private void succeed(T value) {
    if (end()) {
      loop.complete(future, value);
    }
  }

  private void fail(Throwable cause) {
    if (end()) {
      loop.fail(future, cause);
    }
  }

  private boolean end() {
    if (isEnded) {
      return false;
    }
    isEnded = true;
    loop.timers().cancel(this);
    loop.leaveInteractive();
    leaveTurns();
    return true;
  }

  /** The cause itself, without what stages wrap it in. */
  static Throwable unwrap(Throwable cause) {
    Throwable inner = cause;
    while (inner instanceof CompletionException && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
