package dev.ostrakon.simulation.store;

import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.simulation.engine.Simulator;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Every call to a front or a coordinator is answered once, by its deadline. */
final class AnswerChecker {

  private final Simulator simulator;
  private final Findings findings;
  private final long slackNanos;

  /**
   * @param slackNanos how much later than the deadline an answer may come: ticks are that coarse
   */
  AnswerChecker(Simulator simulator, Findings findings, long slackNanos) {
    this.simulator = simulator;
    this.findings = findings;
    this.slackNanos = slackNanos;
  }

  /**
   * Passes one answer on, and reports if there are two, or none in time.
   *
   * @param process where the call is answered; a dead one owes nothing, a frozen one is late
   * @param deadlineNanos by the clock of the process
   * @param isExcused whether nothing can be expected any more
   * @param what is asked, for the report
   */
  <T> Consumer<T> expect(
      SimulatedProcess process,
      long deadlineNanos,
      BooleanSupplier isExcused,
      Object what,
      Consumer<T> listener) {
    Expected<T> expected = new Expected<>(isExcused, what, listener);
    check(process, deadlineNanos + slackNanos, expected, () -> lookAgain(process, expected));
    return expected;
  }

  /** One that was frozen until now answers with its next tick. */
  private void lookAgain(SimulatedProcess process, Expected<?> expected) {
    check(
        process,
        process.nowNanos() + slackNanos,
        expected,
        () -> findings.report(Invariant.ANSWERED, expected.what + " has no answer in time"));
  }

  private void check(
      SimulatedProcess process, long dueNanos, Expected<?> expected, Runnable otherwise) {
    simulator.after(
        Math.max(1, dueNanos - process.nowNanos()),
        () ->
            process.run(
                () -> {
                  if (process.nowNanos() < dueNanos) {
                    check(process, dueNanos, expected, otherwise); // Its clock is slow.
                  } else if (!expected.isAnswered && !expected.isExcused.getAsBoolean()) {
                    otherwise.run();
                  }
                }));
  }

  private final class Expected<T> implements Consumer<T> {
    private final BooleanSupplier isExcused;
    private final Object what;
    private final Consumer<T> listener;
    private boolean isAnswered;

    Expected(BooleanSupplier isExcused, Object what, Consumer<T> listener) {
      this.isExcused = isExcused;
      this.what = what;
      this.listener = listener;
    }

    @Override
    public void accept(T answer) {
      if (isAnswered) {
        findings.report(Invariant.ANSWERED, what + " was answered twice, then " + answer);
      }
      isAnswered = true;
      listener.accept(answer);
    }
  }
}
