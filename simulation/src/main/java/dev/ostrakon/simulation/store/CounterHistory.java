package dev.ostrakon.simulation.store;

import dev.ostrakon.checker.Span;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Adds that commute: in the end a counter is the sum of all that took effect, and of some of those
 * of which nobody knows. Each happened exactly once, and none beyond the bounds of numbers. One is
 * refused only if it might not have fitted at some moment of its call.
 */
final class CounterHistory {

  /** What an add has come to. */
  private enum End {
    CERTAIN,
    REFUSED,
    OPEN
  }

  /**
   * An add.
   *
   * @param isPart whether other groups took part: then it may be acknowledged before it is applied
   */
  private record Added(BigInteger delta, Span span, End end, boolean isPart) {
    boolean isBefore(Span other) {
      return end == End.CERTAIN && span.returned() < other.called();
    }
  }

  private static final class Counter {
    final List<Added> all = new ArrayList<>();
    BigInteger last = BigInteger.ZERO;
    boolean isRead;
  }

  /** A call whose adds were refused because one of them did not fit. */
  private record Overflow(StoreCall call, Span span) {}

  private final Map<Key, Counter> counters = new TreeMap<>();
  private final List<Overflow> overflows = new ArrayList<>();

  void add(StoreCall call, Span span, StoreEnding ending) {
    End end = End.CERTAIN;
    if (ending instanceof StoreEnding.Unknown) {
      end = End.OPEN;
    } else if (ending instanceof StoreEnding.Refused refused) {
      end = End.REFUSED;
      if (refused.reason() == Refusal.Reason.NUMBER_OVERFLOW) {
        overflows.add(new Overflow(call, span));
      }
    } else if (ending instanceof StoreEnding.NotExecuted) {
      end = End.REFUSED;
    }
    boolean isPart = call.group() == StoreCall.SEVERAL;
    for (Operation operation : call.transaction().then()) {
      if (operation instanceof Operation.Add add) {
        counter(add.key()).all.add(new Added(BigInteger.valueOf(add.delta()), span, end, isPart));
      }
    }
  }

  private Counter counter(Key key) {
    return counters.computeIfAbsent(key, ignored -> new Counter());
  }

  void onFinalRead(StoreCall call, RequestOutcome.Committed committed) {
    List<Operation> gets = call.transaction().then();
    for (int i = 0; i < gets.size(); i++) {
      Counter counter = counter(gets.get(i).key());
      counter.isRead = true;
      counter.last =
          committed.results().get(i) instanceof OperationResult.Present present
              ? new BigInteger(present.value().bytes().toUtf8())
              : BigInteger.ZERO;
    }
  }

  void check(Findings findings) {
    counters.forEach((key, counter) -> checkSum(findings, key, counter));
    for (Overflow overflow : overflows) {
      boolean isJustified =
          overflow.call().transaction().then().stream()
              .anyMatch(operation -> mightNotFit(operation, overflow.span()));
      if (!isJustified) {
        findings.report(
            Invariant.REFUSAL, overflow.call() + " was refused although all of it did fit");
      }
    }
  }

  private static void checkSum(Findings findings, Key key, Counter counter) {
    BigInteger certain = BigInteger.ZERO;
    List<BigInteger> open = new ArrayList<>();
    for (Added added : counter.all) {
      switch (added.end()) {
        case CERTAIN -> certain = certain.add(added.delta());
        case OPEN -> open.add(added.delta());
        case REFUSED -> {}
      }
    }
    Set<BigInteger> possible = new HashSet<>(Set.of(certain));
    for (BigInteger delta : open) {
      List<BigInteger> before = List.copyOf(possible);
      before.forEach(sum -> possible.add(sum.add(delta)));
    }
    if (counter.isRead && !possible.contains(counter.last)) {
      findings.report(
          Invariant.SUM,
          key.bytes().toUtf8()
              + " holds "
              + counter.last
              + ", acknowledged are "
              + certain
              + ", unknown "
              + open);
    }
  }

  /**
   * Whether the add might not have fitted: on top of what was applied before the call, and of all
   * of the same sign that may still have held a reservation. What was refused may hold one until
   * its coordinator or a recovery has told all participants, and so may what was acknowledged.
   */
  private boolean mightNotFit(Operation operation, Span span) {
    if (!(operation instanceof Operation.Add add)) {
      return false;
    }
    BigInteger sum = BigInteger.valueOf(add.delta());
    BigInteger reserved = sum; // Reservations are kept within the bounds, too, whatever the value.
    int sign = sum.signum();
    boolean isOwn = true;
    for (Added other : counter(add.key()).all) {
      if (isOwn && other.span().equals(span)) {
        isOwn = false;
      } else if (other.isBefore(span) && !other.isPart()) {
        sum = sum.add(other.delta());
      } else if (other.span().called() < span.returned() && other.delta().signum() == sign) {
        sum = sum.add(other.delta());
        reserved = reserved.add(other.delta());
      }
    }
    return !ReferenceStore.fits(sum) || !ReferenceStore.fits(reserved);
  }
}
