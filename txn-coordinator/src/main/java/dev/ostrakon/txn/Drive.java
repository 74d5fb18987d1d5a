package dev.ostrakon.txn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out what one {@link Run} wants, and tells those who wait for its outcome. */
final class Drive {
  private record Waiter(long deadlineNanos, Consumer<Told> listener) {}

  /** What a run wants of others than participants. */
  interface Surroundings {
    /** Finds out the outcome under other participants. */
    void follow(Drive drive, Effect.Follow follow, Consumer<TxnReport> done);

    /** Has a transaction forgotten. */
    void forget(Run run, Effect.Forget forget);

    /** The outcome is known. */
    void reported(Run run, TxnReport report);
  }

  private final Run run;
  private final Courier courier;
  private final Surroundings surroundings;
  private final long endNanos;
  private final List<Waiter> waiters = new ArrayList<>(1);
  private @Nullable Told told;
  private boolean isPumping;

  /**
   * Drives a run.
   *
   * @param endNanos then it is given up, whatever it has come to
   */
  Drive(Run run, Courier courier, Surroundings surroundings, long endNanos) {
    this.run = run;
    this.courier = courier;
    this.surroundings = surroundings;
    this.endNanos = endNanos;
  }

  Run run() {
    return run;
  }

  void start() {
    run.start();
    pump();
  }

  /** Tells the listener, exactly once, at the latest at the deadline. */
  void await(long deadlineNanos, Consumer<Told> listener) {
    Told known = told;
    if (known == null) {
      waiters.add(new Waiter(deadlineNanos, listener));
    } else {
      listener.accept(known);
    }
  }

  /** Whether nothing is left to be done. */
  boolean isOver(long nowNanos) {
    return run.isEnded() || nowNanos - endNanos >= 0 || (waiters.isEmpty() && !run.mayBeLogged());
  }

  /** Tells those whose deadline has passed. */
  void tick(long nowNanos) {
    if (waiters.isEmpty()) {
      return;
    }
    List<Consumer<Told>> late = new ArrayList<>(1);
    for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
      Waiter waiter = all.next();
      if (nowNanos - waiter.deadlineNanos() >= 0) {
        all.remove();
        late.add(waiter.listener());
      }
    }
    late.forEach(listener -> listener.accept(atTheEnd()));
  }

  /** Gives up. */
  void stop() {
    List<Waiter> left = List.copyOf(waiters);
    waiters.clear();
    Told end = atTheEnd();
    run.abandon();
    left.forEach(waiter -> waiter.listener().accept(end));
  }

  private Told atTheEnd() {
    return run.mayBeLogged() || run.isRecovery()
        ? new Told.Reported(new TxnReport.Unknown())
        : new Told.Untouched(run.overloadedMillis());
  }

  /** Answers may come while a call is being made: then its effects follow the present ones. */
  private void pump() {
    if (isPumping) {
      return;
    }
    isPumping = true;
    try {
      for (Effect effect = run.poll(); effect != null; effect = run.poll()) {
        carryOut(effect);
      }
    } finally {
      isPumping = false;
    }
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Ask ask) {
      courier.ask(
          ask,
          answer -> {
            run.onAnswer(ask.group(), ask.number(), answer);
            pump();
          });
    } else if (effect instanceof Effect.Pause pause) {
      courier.pause(
          pause,
          () -> {
            run.onPauseOver(pause.group(), pause.number());
            pump();
          });
    } else if (effect instanceof Effect.Report report) {
      surroundings.reported(run, report.report());
      tell(new Told.Reported(report.report()));
    } else if (effect instanceof Effect.Deny deny) {
      tell(new Told.Denied(deny.refusal()));
    } else if (effect instanceof Effect.Follow follow) {
      surroundings.follow(
          this,
          follow,
          report -> {
            run.onFollowed(report);
            pump();
          });
    } else if (effect instanceof Effect.Forget forget) {
      surroundings.forget(run, forget);
    }
  }

  private void tell(Told what) {
    told = what;
    List<Waiter> all = List.copyOf(waiters);
    waiters.clear();
    all.forEach(waiter -> waiter.listener().accept(what));
  }
}
