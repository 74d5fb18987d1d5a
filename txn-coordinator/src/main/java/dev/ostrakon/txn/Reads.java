package dev.ostrakon.txn;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Drives reads over several groups: by {@link DoubleRead}, and if that fails as transactions. */
final class Reads {
  /** What reads need of their surroundings. */
  record Parts(
      CoordinatorConfig config,
      TxnRules rules,
      CoordinatorPorts ports,
      Courier courier,
      Tally tally) {}

  /** Runs a transaction. */
  interface Runner {
    void run(
        Request request, Configuration configuration, long deadlineNanos, Consumer<TxnAnswer> done);
  }

  private final Parts parts;
  private final ClientId self;
  private final Runner runner;
  private final Set<Read> reads = new LinkedHashSet<>();

  /** Sequences in use, for what is below all of them is acknowledged. */
  private final TreeSet<Long> sequences = new TreeSet<>();

  private long lastSequence;

  Reads(Parts parts, ClientId self, Runner runner) {
    this.parts = parts;
    this.self = self;
    this.runner = runner;
  }

  int size() {
    return reads.size();
  }

  boolean isFull() {
    boolean isFull = reads.size() >= parts.config.readsMax();
    if (isFull) {
      parts.tally.overloaded++;
    }
    return isFull;
  }

  void read(
      Transaction transaction,
      Configuration configuration,
      long deadlineNanos,
      Consumer<TxnAnswer> done) {
    Read read = new Read(transaction, configuration, deadlineNanos, done);
    reads.add(read);
    read.core.start();
    read.pump();
  }

  void tick(long nowNanos) {
    for (Read read : List.copyOf(reads)) {
      if (nowNanos - read.deadlineNanos >= 0 && parts.rules.answersLateReads()) {
        read.end(new TxnAnswer.DeadlineExceeded());
      }
    }
  }

  void stop() {
    List.copyOf(reads).forEach(read -> read.end(new TxnAnswer.DeadlineExceeded()));
  }

  private final class Read {
    private final Transaction transaction;
    private final Configuration configuration;
    private final long deadlineNanos;
    private final DoubleRead core;
    private @Nullable Consumer<TxnAnswer> done;
    private boolean isPumping;

    Read(
        Transaction transaction,
        Configuration configuration,
        long deadlineNanos,
        Consumer<TxnAnswer> done) {
      this.transaction = transaction;
      this.configuration = configuration;
      this.deadlineNanos = deadlineNanos;
      this.done = done;
      this.core =
          new DoubleRead(
              Split.of(transaction, configuration), parts.config.readRoundsMax(), parts.rules);
    }

    void end(TxnAnswer answer) {
      Consumer<TxnAnswer> waiting = done;
      if (waiting != null) {
        done = null;
        reads.remove(this);
        waiting.accept(answer);
      }
    }

    void pump() {
      if (isPumping) {
        return;
      }
      isPumping = true;
      try {
        for (Effect effect = core.poll(); effect != null; effect = core.poll()) {
          carryOut(effect);
        }
      } finally {
        isPumping = false;
      }
    }

    private void carryOut(Effect effect) {
      if (done == null) {
        return;
      }
      if (effect instanceof Effect.Ask ask) {
        parts.courier.ask(
            ask,
            answer -> {
              core.onAnswer(ask.group(), ask.number(), answer);
              pump();
            });
      } else if (effect instanceof Effect.Pause pause) {
        parts.courier.pause(
            pause,
            () -> {
              core.onPauseOver(pause.group(), pause.number());
              pump();
            });
      } else if (effect instanceof Effect.Seen seen) {
        parts.tally.reads++;
        parts.tally.readRetries += core.extraRounds();
        end(new TxnAnswer.Done(committed(seen)));
      } else if (effect instanceof Effect.Deny deny) {
        end(new TxnAnswer.Denied(deny.refusal()));
      } else if (effect instanceof Effect.RunAsTransaction) {
        parts.tally.readRetries += core.extraRounds();
        parts.tally.readsAsTransactions++;
        long sequence = ++lastSequence;
        HybridTimestamp issuedAt = parts.ports.hybridClock().now();
        sequences.add(sequence);
        runAsTransaction(new TxnId(new RequestId(self, sequence), 1), 1, issuedAt);
      }
    }

    private void runAsTransaction(TxnId id, int tries, HybridTimestamp issuedAt) {
      Request request =
          new Request(id, issuedAt, Acknowledgement.upTo(sequences.first() - 1), transaction);
      runner.run(
          request,
          configuration,
          deadlineNanos,
          answer -> {
            if (isWorthAnotherAttempt(answer) && tries < parts.config.readAttemptsMax()) {
              boolean isNext = parts.rules.takesTheNextAttempt();
              TxnId next = new TxnId(id.request(), isNext ? id.attempt() + 1 : id.attempt());
              runAsTransaction(next, tries + 1, issuedAt);
            } else {
              sequences.remove(id.request().sequence());
              end(ofRead(answer));
            }
          });
    }
  }

  private static boolean isWorthAnotherAttempt(TxnAnswer answer) {
    return answer instanceof TxnAnswer.Done over
        && over.outcome() instanceof RequestOutcome.Refused refused
        && refused.refusal().reason() == Refusal.Reason.NOT_ORDERED;
  }

  /** A read has no effect: where it did not succeed, nothing was done. */
  private static TxnAnswer ofRead(TxnAnswer answer) {
    if (answer instanceof TxnAnswer.Done over
        && over.outcome() instanceof RequestOutcome.Refused refused) {
      return new TxnAnswer.Denied(refused.refusal());
    }
    if (answer instanceof TxnAnswer.Displaced displaced) {
      return new TxnAnswer.Denied(displaced.refusal());
    }
    return answer instanceof TxnAnswer.Unknown || answer instanceof TxnAnswer.DoneUnread
        ? new TxnAnswer.DeadlineExceeded()
        : answer;
  }

  /** The latest version seen: the read takes its place after it. */
  private static RequestOutcome committed(Effect.Seen seen) {
    HybridTimestamp latest = HybridTimestamp.ZERO;
    for (OperationResult result : seen.results()) {
      if (result instanceof OperationResult.Present present) {
        latest = HybridTimestamp.max(latest, present.version());
      }
    }
    return new RequestOutcome.Committed(latest, seen.branch(), seen.results());
  }
}
