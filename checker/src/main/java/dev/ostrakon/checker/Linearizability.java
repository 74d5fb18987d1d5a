package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks that the operations on each key could have happened one at a time, each at an instant
 * between its call and its return (Herlihy and Wing, "Linearizability", 1990). A history is
 * linearizable if and only if that of each key is. Every key is missing at first.
 */
public final class Linearizability {
  /** What an {@link Anomaly} of this check is called. */
  public static final String KIND = "not-linearizable";

  private static final int ANOMALIES_MAX = 8;

  private Linearizability() {}

  /** Judges a history; the order of its operations does not matter. */
  public static Report check(Iterable<KvOperation> history, Budget budget) {
    Map<String, List<KvOperation>> byKey = new TreeMap<>();
    long count = 0;
    for (KvOperation operation : history) {
      count++;
      List<KvOperation> ofKey =
          byKey.computeIfAbsent(operation.key(), ignored -> new ArrayList<>());
      if (matters(operation)) {
        ofKey.add(operation);
      }
    }
    List<Anomaly> anomalies = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    byKey.forEach(
        (key, operations) -> {
          if (anomalies.size() < ANOMALIES_MAX) {
            switch (new OrderSearch(new KeyModel(operations), intervals(operations)).run(budget)) {
              case VALID -> {}
              case INVALID -> anomalies.add(new BrokenKey(key, operations, budget).explain());
              case UNDECIDED -> undecided.add(key);
            }
          }
        });
    String summary = count + " operations on " + byKey.size() + " keys";
    if (anomalies.isEmpty() && !undecided.isEmpty()) {
      return Report.undecided(
          summary + "; the budget ran out before the keys " + undecided + " were decided");
    }
    return Report.of(summary, anomalies);
  }

  /** Refused operations never happened, and a get without an answer tells nothing. */
  private static boolean matters(KvOperation operation) {
    return operation.status() == Status.OK
        || (operation.status() == Status.UNKNOWN && operation.action().kind() != KvAction.Kind.GET);
  }

  static Intervals intervals(List<KvOperation> operations) {
    return new Intervals(
        operations.stream().mapToLong(KvOperation::callNanos).toArray(),
        operations.stream().mapToLong(KvOperation::returnNanos).toArray());
  }
}
