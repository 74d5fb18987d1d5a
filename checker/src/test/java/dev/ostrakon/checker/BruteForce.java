package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides small histories of one key by trying every order and every choice, with no cleverness.
 */
final class BruteForce {
  private BruteForce() {}

  static boolean isLinearizable(List<KvOperation> history) {
    List<KvOperation> left = new ArrayList<>(history);
    left.removeIf(operation -> operation.status() == Status.FAIL);
    return hasOrder(left, null);
  }

  private static boolean hasOrder(List<KvOperation> left, @Nullable String value) {
    if (left.stream().allMatch(operation -> operation.status() == Status.UNKNOWN)) {
      return true;
    }
    for (KvOperation candidate : left) {
      boolean mayBeNext =
          left.stream().noneMatch(other -> other.returnNanos() < candidate.callNanos());
      SerialKey key = new SerialKey(value);
      if (mayBeNext && fits(candidate, key.apply(candidate.action()))) {
        List<KvOperation> rest = new ArrayList<>(left);
        rest.remove(candidate);
        if (hasOrder(rest, key.value())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean fits(KvOperation operation, KvOutput output) {
    return operation.status() == Status.UNKNOWN || operation.output().equals(output);
  }
}
