package dev.ostrakon.txn;

import dev.ostrakon.model.Key;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What clients did and saw, where every append is of a number of its own; and whether that is
 * strictly serializable. The order of the writers of a key is known from its final list, so what
 * must precede what is known, and it has an order if and only if it has no cycle.
 */
final class AppendHistory {
  /** One call of a client. */
  static final class Call {
    final long begunAt;
    final Map<Key, List<Integer>> appends = new TreeMap<>();
    final Map<Key, List<Integer>> reads = new TreeMap<>();

    /** Keys that were there before the call, as its conditions say; and those that were not. */
    final Set<Key> existing = new TreeSet<>();

    final Set<Key> missing = new TreeSet<>();
    long endedAt = Long.MAX_VALUE;

    /** Whether it was answered that it took effect, with the appends. */
    boolean isDone;

    /** Whether it was answered that it had no effect. */
    boolean isRefused;

    Call(long begunAt) {
      this.begunAt = begunAt;
    }
  }

  private final List<Call> calls = new ArrayList<>();

  Call begin(long now) {
    Call call = new Call(now);
    calls.add(call);
    return call;
  }

  int size() {
    return calls.size();
  }

  long answered() {
    return calls.stream().filter(call -> call.endedAt != Long.MAX_VALUE).count();
  }

  static List<Integer> parse(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isEmpty()) {
        numbers.add(Integer.parseInt(part));
      }
    }
    return numbers;
  }

  /** Empty if all is well, else what is wrong. */
  String anomaly(Map<Key, List<Integer>> lists) {
    Map<Integer, Integer> writers = new HashMap<>();
    for (int i = 0; i < calls.size(); i++) {
      int writer = i;
      calls.get(i).appends.values().forEach(all -> all.forEach(n -> writers.put(n, writer)));
    }
    for (int i = 0; i < calls.size(); i++) {
      String problem = atomicity(i, lists);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    List<BitSet> after = new ArrayList<>();
    calls.forEach(call -> after.add(new BitSet()));
    for (Map.Entry<Key, List<Integer>> list : lists.entrySet()) {
      if (list.getValue().stream().distinct().count() != list.getValue().size()) {
        return "twice: " + list;
      }
      for (int i = 1; i < list.getValue().size(); i++) {
        order(
            after,
            writer(writers, list.getValue().get(i - 1)),
            writer(writers, list.getValue().get(i)));
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      String problem = orderReads(i, lists, writers, after);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      for (int j = 0; j < calls.size(); j++) {
        if (calls.get(i).endedAt < calls.get(j).begunAt) {
          order(after, i, j);
        }
      }
    }
    return cycle(after);
  }

  private static int writer(Map<Integer, Integer> writers, int number) {
    Integer writer = writers.get(number);
    if (writer == null) {
      throw new AssertionError("nobody appended " + number);
    }
    return writer;
  }

  private static void order(List<BitSet> after, int first, int second) {
    if (first != second) {
      after.get(first).set(second);
    }
  }

  private String atomicity(int index, Map<Key, List<Integer>> lists) {
    Call call = calls.get(index);
    int all = 0;
    int present = 0;
    for (Map.Entry<Key, List<Integer>> append : call.appends.entrySet()) {
      for (int number : append.getValue()) {
        all++;
        present += lists.getOrDefault(append.getKey(), List.of()).contains(number) ? 1 : 0;
      }
    }
    if (present != 0 && present != all) {
      return "torn: call " + index;
    }
    if (call.isDone && present != all) {
      return "lost: call " + index;
    }
    return call.isRefused && present != 0 ? "visible though refused: call " + index : "";
  }

  private String orderReads(
      int index, Map<Key, List<Integer>> lists, Map<Integer, Integer> writers, List<BitSet> after) {
    for (Map.Entry<Key, List<Integer>> read : calls.get(index).reads.entrySet()) {
      List<Integer> list = lists.getOrDefault(read.getKey(), List.of());
      List<Integer> seen = read.getValue();
      if (seen.size() > list.size() || !list.subList(0, seen.size()).equals(seen)) {
        return "call " + index + " saw " + seen + " of " + list;
      }
      if (!seen.isEmpty()) {
        order(after, writer(writers, seen.get(seen.size() - 1)), index);
      }
      for (int i = seen.size(); i < list.size(); i++) {
        if (writer(writers, list.get(i)) != index) {
          order(after, index, writer(writers, list.get(i)));
          break;
        }
      }
    }
    return orderConditions(index, lists, writers, after);
  }

  private String orderConditions(
      int index, Map<Key, List<Integer>> lists, Map<Integer, Integer> writers, List<BitSet> after) {
    Call call = calls.get(index);
    for (Key key : call.existing) {
      List<Integer> list = lists.getOrDefault(key, List.of());
      if (list.isEmpty() || writer(writers, list.get(0)) == index) {
        return "call " + index + " took a key for existing";
      }
      order(after, writer(writers, list.get(0)), index);
    }
    for (Key key : call.missing) {
      List<Integer> list = lists.getOrDefault(key, List.of());
      if (!list.isEmpty()) {
        order(after, index, writer(writers, list.get(0)));
      }
    }
    return "";
  }

  /** Takes away again and again what nothing that is left has to precede. */
  private static String cycle(List<BitSet> after) {
    BitSet left = new BitSet();
    left.set(0, after.size());
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
        if (!after.get(i).intersects(left)) {
          left.clear(i);
          goesOn = true;
        }
      }
    }
    return left.isEmpty() ? "" : "no order of calls " + left;
  }
}
