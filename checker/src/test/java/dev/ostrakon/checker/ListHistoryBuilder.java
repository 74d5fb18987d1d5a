package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.List;

/** Writes down histories of transactions on lists. */
final class ListHistoryBuilder {
  private final List<TxnOperation> history = new ArrayList<>();

  static Step append(String key, long element) {
    return new Step.Append(key, element);
  }

  static Step read(String key, long... found) {
    return new Step.Read(key, Elements.of(found));
  }

  /** A transaction of its own process that was answered. */
  ListHistoryBuilder ok(long called, long returned, Step... steps) {
    return add(called, returned, Status.OK, steps);
  }

  ListHistoryBuilder fail(long called, long returned, Step... steps) {
    return add(called, returned, Status.FAIL, steps);
  }

  ListHistoryBuilder unknown(long called, Step... steps) {
    return add(called, Span.NEVER, Status.UNKNOWN, steps);
  }

  private ListHistoryBuilder add(long called, long returned, Status status, Step... steps) {
    history.add(
        new TxnOperation(new Span(history.size(), called, returned), status, List.of(steps)));
    return this;
  }

  List<TxnOperation> history() {
    return history;
  }

  Report check() {
    return StrictSerializability.check(history);
  }
}
