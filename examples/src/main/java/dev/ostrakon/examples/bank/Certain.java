package dev.ostrakon.examples.bank;

import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.DeadlineExceededException;
import dev.ostrakon.client.KvException;
import dev.ostrakon.client.LostRequest;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.RetryableException;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.model.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Carries out transactions until it is certain that each happened exactly once. The client itself
 * does that within a call's deadline; this goes on when whole deadlines pass, as they do while a
 * majority of a group is down. Any thread.
 */
final class Certain {
  /** A cluster that answers nothing for so long is given up. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static final int PAUSE_MILLIS = 100;

  private final OstrakonClient db;

  Certain(OstrakonClient db) {
    this.db = db;
  }

  /** Carries out a transaction, once; without results if only these were lost. */
  TxnResult commit(Transaction transaction) throws InterruptedException {
    long giveUpNanos = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return await(db.execute(transaction));
      } catch (CommitUnknownException e) {
        // It may have happened. Ask, and do it again only if it certainly has not.
        Outcome outcome = outcome(e.request(), giveUpNanos);
        if (outcome instanceof Outcome.Committed committed) {
          return committed.result();
        }
        if (outcome instanceof Outcome.ResultsLost lost) {
          return new TxnResult(lost.timestamp(), lost.branch(), List.of());
        }
        if (!(outcome instanceof Outcome.NotCommitted)) {
          throw e;
        }
      } catch (RetryableException | DeadlineExceededException e) {
        pauseOrThrow(e, giveUpNanos);
      }
    }
  }

  private Outcome outcome(LostRequest lost, long giveUpNanos) throws InterruptedException {
    return until(giveUpNanos, client -> client.outcome(lost));
  }

  /** Reads something, which may be done any number of times. */
  <T> T read(Function<OstrakonClient, CompletableFuture<T>> question) throws InterruptedException {
    return until(System.nanoTime() + PATIENCE_NANOS, question);
  }

  private <T> T until(long giveUpNanos, Function<OstrakonClient, CompletableFuture<T>> question)
      throws InterruptedException {
    while (true) {
      try {
        return await(question.apply(db));
      } catch (RetryableException | DeadlineExceededException e) {
        pauseOrThrow(e, giveUpNanos);
      }
    }
  }

  private static <T> T await(CompletableFuture<T> call) throws InterruptedException {
    try {
      return call.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("a call was not answered long after its deadline", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void pauseOrThrow(KvException failure, long giveUpNanos)
      throws InterruptedException {
    if (System.nanoTime() - giveUpNanos > 0) {
      throw failure;
    }
    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
  }
}
