package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds where the history of a key breaks: the first return such that what happened up to it has no
 * order. All that begins a history which has an order has one too, so this is found by halving.
 */
final class BrokenKey {
  private static final int SHOWN_MAX = 16;

  private final String key;
  private final Budget budget;

  /** Certain operations by their return, then the others by their call. */
  private final List<KvOperation> sorted;

  BrokenKey(String key, List<KvOperation> operations, Budget budget) {
    this.key = key;
    this.budget = budget;
    sorted = new ArrayList<>(operations);
    sorted.sort(
        Comparator.comparingLong(KvOperation::returnNanos)
            .thenComparingLong(KvOperation::callNanos));
  }

  Anomaly explain() {
    int sound = 0; // So many returns have an order.
    int broken = (int) sorted.stream().filter(operation -> operation.status() == Status.OK).count();
    while (broken - sound > 1) {
      int middle = (sound + broken) >>> 1;
      List<KvOperation> prefix = prefix(middle);
      Verdict verdict =
          new OrderSearch(new KeyModel(prefix), Linearizability.intervals(prefix)).run(budget);
      if (verdict == Verdict.VALID) {
        sound = middle;
      } else {
        broken = middle;
      }
    }
    return describe(sound, sorted.get(broken - 1));
  }

  /** What was seen up to the return with this number, counted from 1. */
  private List<KvOperation> prefix(int returns) {
    List<KvOperation> prefix = new ArrayList<>(sorted.subList(0, returns));
    long end = returns == 0 ? Long.MIN_VALUE : sorted.get(returns - 1).returnNanos();
    for (KvOperation later : sorted.subList(returns, sorted.size())) {
      if (later.callNanos() <= end && later.action().kind() != KvAction.Kind.GET) {
        prefix.add(
            KvOperation.unknown(later.client(), later.key(), later.action(), later.callNanos()));
      }
    }
    return prefix;
  }

  private Anomaly describe(int sound, KvOperation culprit) {
    List<KvOperation> prefix = prefix(sound);
    KeyModel model = KeyModel.exact(prefix);
    OrderSearch search = new OrderSearch(new KeyModel(prefix), Linearizability.intervals(prefix));
    List<String> lines = new ArrayList<>();
    String left = "unknown";
    if (search.run(budget) == Verdict.VALID) {
      int[] order = search.order();
      int state = model.initial();
      List<String> steps = new ArrayList<>();
      for (int operation : order) {
        state = model.next(state, operation);
        steps.add(prefix.get(operation) + " (leaves " + model.display(state) + ")");
      }
      left = model.display(state);
      lines.addAll(steps.subList(Math.max(0, steps.size() - SHOWN_MAX), steps.size()));
    }
    lines.add("no place for: " + culprit);
    sorted.stream()
        .filter(operation -> !operation.equals(culprit) && overlaps(operation, culprit))
        .limit(SHOWN_MAX)
        .forEach(operation -> lines.add("at the same time: " + operation));
    return new Anomaly(
        Linearizability.KIND,
        "key "
            + key
            + ": the first "
            + sound
            + " answers have an order, one of which ends as shown and leaves "
            + left
            + "; with the next answer there is none",
        lines);
  }

  private static boolean overlaps(KvOperation operation, KvOperation culprit) {
    return operation.callNanos() <= culprit.returnNanos()
        && culprit.callNanos() <= operation.returnNanos();
  }
}
