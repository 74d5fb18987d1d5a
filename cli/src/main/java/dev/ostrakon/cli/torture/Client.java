package dev.ostrakon.cli.torture;

import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.raft.RandomSource;
import java.util.function.Function;

/** One client of a workload: its random numbers, and the number under which it acts. One thread. */
final class Client {
  private static final double RESOLVE_CHANCE = 0.5;
  private static final int RESOLVE_TRIES_MAX = 4;

  private final RandomSource random;
  private final int clientCount;
  private int process;

  Client(int number, int clientCount, RandomSource random) {
    this.process = number;
    this.clientCount = clientCount;
    this.random = random;
  }

  RandomSource random() {
    return random;
  }

  /** Under which number it acts; it changes after an unknown outcome. */
  int process() {
    return process;
  }

  /** Gives up the number: whatever was asked under it may still happen. */
  void renew() {
    process += clientCount;
  }

  /**
   * Asks now and then what became of a request of unknown outcome: the cluster must then tell the
   * truth, and what it says did not happen must never happen.
   */
  <T> Answer<T> resolve(Store store, Answer<T> answer, Function<TxnResult, T> value) {
    if (!(answer instanceof Answer.Unknown<T> unknown)
        || unknown.lost() == null
        || !random.chance(RESOLVE_CHANCE)) {
      return answer;
    }
    for (int i = 0; i < RESOLVE_TRIES_MAX; i++) {
      if (store.outcome(unknown.lost()) instanceof Answer.Ok<Outcome> told) {
        return fromOutcome(answer, told.value(), value);
      }
    }
    return answer;
  }

  private static <T> Answer<T> fromOutcome(
      Answer<T> answer, Outcome outcome, Function<TxnResult, T> value) {
    if (outcome instanceof Outcome.Committed committed) {
      return new Answer.Ok<>(value.apply(committed.result()));
    }
    return outcome instanceof Outcome.NotCommitted refused
        ? new Answer.Failed<>(refused.reason())
        : answer;
  }
}
