package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
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
 * of which nobody knows. Each happened exactly once, and none beyond the bounds of numbers.
 */
final class CounterHistory {

  private static final class Counter {
    BigInteger certain = BigInteger.ZERO;
    final List<BigInteger> open = new ArrayList<>();
    BigInteger last = BigInteger.ZERO;
    boolean isRead;
  }

  private final Map<Key, Counter> counters = new TreeMap<>();

  void add(StoreCall call, StoreEnding ending) {
    for (Operation operation : call.transaction().then()) {
      if (operation instanceof Operation.Add add && !(ending instanceof StoreEnding.Refused)) {
        Counter counter = counters.computeIfAbsent(add.key(), ignored -> new Counter());
        BigInteger delta = BigInteger.valueOf(add.delta());
        if (ending instanceof StoreEnding.Unknown) {
          counter.open.add(delta);
        } else {
          counter.certain = counter.certain.add(delta);
        }
      }
    }
  }

  void onFinalRead(StoreCall call, RequestOutcome.Committed committed) {
    List<Operation> gets = call.transaction().then();
    for (int i = 0; i < gets.size(); i++) {
      Counter counter = counters.computeIfAbsent(gets.get(i).key(), ignored -> new Counter());
      counter.isRead = true;
      counter.last =
          committed.results().get(i) instanceof OperationResult.Present present
              ? new BigInteger(present.value().bytes().toUtf8())
              : BigInteger.ZERO;
    }
  }

  void check(Findings findings) {
    counters.forEach(
        (key, counter) -> {
          Set<BigInteger> possible = new HashSet<>(Set.of(counter.certain));
          for (BigInteger delta : counter.open) {
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
                    + counter.certain
                    + ", unknown "
                    + counter.open);
          }
        });
  }
}
