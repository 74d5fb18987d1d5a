package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The simplest possible store of lists, and the decision about small histories by every order. */
final class SerialLists {
  private final Map<String, List<Long>> lists = new HashMap<>();

  SerialLists() {}

  private SerialLists(SerialLists other) {
    other.lists.forEach((key, list) -> lists.put(key, new ArrayList<>(list)));
  }

  void append(String key, long element) {
    lists.computeIfAbsent(key, ignored -> new ArrayList<>()).add(element);
  }

  Elements read(String key) {
    return Elements.of(
        lists.getOrDefault(key, List.of()).stream().mapToLong(Long::longValue).toArray());
  }

  private boolean apply(TxnOperation operation) {
    for (Step step : operation.steps()) {
      if (step instanceof Step.Append append) {
        append(append.key(), append.element());
      } else if (step instanceof Step.Read read
          && operation.status() == Status.OK
          && !read(read.key()).equals(read.found())) {
        return false;
      }
    }
    return true;
  }

  static boolean isStrictlySerializable(List<TxnOperation> history) {
    List<TxnOperation> left = new ArrayList<>(history);
    left.removeIf(operation -> operation.status() == Status.FAIL);
    return hasOrder(left, new SerialLists());
  }

  private static boolean hasOrder(List<TxnOperation> left, SerialLists lists) {
    if (left.stream().allMatch(operation -> operation.status() == Status.UNKNOWN)) {
      return true;
    }
    for (TxnOperation candidate : left) {
      SerialLists after = new SerialLists(lists);
      if (left.stream().noneMatch(other -> other.span().isBefore(candidate.span()))
          && after.apply(candidate)) {
        List<TxnOperation> rest = new ArrayList<>(left);
        rest.remove(candidate);
        if (hasOrder(rest, after)) {
          return true;
        }
      }
    }
    return false;
  }
}
