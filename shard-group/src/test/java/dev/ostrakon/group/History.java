package dev.ostrakon.group;

import dev.ostrakon.model.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What clients saw, and whether it is strictly serializable: values are lists, every number is
 * appended once, so the order of writes can be read off the final lists.
 */
final class History {
  /** One transaction as its client saw it. */
  static final class Call {
    final int id;
    final long start;
    long end = -1;

    /** Appends of the first branch: key and number. */
    final List<Map.Entry<Key, Integer>> appends = new ArrayList<>();

    /** What was seen, in order; empty until the answer came. */
    final List<Map.Entry<Key, List<Integer>>> reads = new ArrayList<>();

    boolean isRefused;
    boolean isThen;

    Call(int id, long start) {
      this.id = id;
      this.start = start;
    }

    boolean isAnswered() {
      return end >= 0;
    }
  }

  private final List<Call> calls = new ArrayList<>();

  Call begin(long now) {
    Call call = new Call(calls.size(), now);
    calls.add(call);
    return call;
  }

  List<Call> calls() {
    return calls;
  }

  /** Empty if all is well, else what is wrong. */
  String anomaly(Map<Key, List<Integer>> finalLists) {
    Map<Integer, Integer> writers = new HashMap<>();
    for (Call call : calls) {
      call.appends.forEach(append -> writers.put(append.getValue(), call.id));
    }
    SortedSet<Integer> committed = new TreeSet<>();
    for (List<Integer> list : finalLists.values()) {
      if (new TreeSet<>(list).size() != list.size()) {
        return "an append happened twice: " + list;
      }
      list.forEach(number -> committed.add(Known.get(writers, number)));
    }
    for (Call call : calls) {
      String problem = atomicity(call, finalLists);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return cycle(edges(finalLists, writers, committed));
  }

  private static String atomicity(Call call, Map<Key, List<Integer>> lists) {
    long present =
        call.appends.stream()
            .filter(a -> lists.getOrDefault(a.getKey(), List.of()).contains(a.getValue()))
            .count();
    if (present != 0 && present != call.appends.size()) {
      return "torn: " + call.id;
    }
    if (call.isAnswered() && call.isThen && present != call.appends.size()) {
      return "lost: " + call.id;
    }
    if (call.isAnswered() && !call.isThen && present != 0) {
      return "visible though not done: " + call.id;
    }
    return "";
  }

  private Map<Integer, SortedSet<Integer>> edges(
      Map<Key, List<Integer>> lists, Map<Integer, Integer> writers, SortedSet<Integer> committed) {
    Map<Integer, SortedSet<Integer>> edges = new TreeMap<>();
    for (Call call : calls) {
      if (committed.contains(call.id) || (call.isAnswered() && !call.isRefused)) {
        edges.put(call.id, new TreeSet<>());
      }
    }
    for (List<Integer> list : lists.values()) {
      for (int i = 1; i < list.size(); i++) {
        edge(edges, Known.get(writers, list.get(i - 1)), Known.get(writers, list.get(i)));
      }
    }
    for (Call call : calls) {
      for (Map.Entry<Key, List<Integer>> read : call.reads) {
        readEdges(edges, call, read, lists.getOrDefault(read.getKey(), List.of()), writers);
      }
    }
    for (Call first : calls) {
      for (Call second : calls) {
        if (first.isAnswered() && first.end < second.start) {
          edge(edges, first.id, second.id);
        }
      }
    }
    return edges;
  }

  private static void readEdges(
      Map<Integer, SortedSet<Integer>> edges,
      Call call,
      Map.Entry<Key, List<Integer>> read,
      List<Integer> list,
      Map<Integer, Integer> writers) {
    List<Integer> seen = read.getValue();
    if (seen.size() > list.size() || !list.subList(0, seen.size()).equals(seen)) {
      throw new AssertionError("call " + call.id + " saw " + seen + " of " + list);
    }
    for (int i = seen.size() - 1; i >= 0; i--) {
      if (Known.get(writers, seen.get(i)) != call.id) {
        edge(edges, Known.get(writers, seen.get(i)), call.id);
        break;
      }
    }
    for (int i = seen.size(); i < list.size(); i++) {
      if (Known.get(writers, list.get(i)) != call.id) {
        edge(edges, call.id, Known.get(writers, list.get(i)));
        break;
      }
    }
  }

  private static void edge(Map<Integer, SortedSet<Integer>> edges, int from, int to) {
    if (from != to && edges.containsKey(from) && edges.containsKey(to)) {
      Known.get(edges, from).add(to);
    }
  }

  private static String cycle(Map<Integer, SortedSet<Integer>> edges) {
    Map<Integer, Boolean> isOpen = new HashMap<>();
    for (int start : edges.keySet()) {
      if (isOpen.containsKey(start)) {
        continue;
      }
      ArrayDeque<Integer> path = new ArrayDeque<>();
      ArrayDeque<Iterator<Integer>> rest = new ArrayDeque<>();
      path.push(start);
      rest.push(Known.get(edges, start).iterator());
      isOpen.put(start, true);
      while (!path.isEmpty()) {
        if (!rest.getFirst().hasNext()) {
          isOpen.put(path.pop(), false);
          rest.pop();
          continue;
        }
        int next = rest.getFirst().next();
        Boolean seen = isOpen.get(next);
        if (Boolean.TRUE.equals(seen)) {
          return "cycle through " + next + " and " + path;
        }
        if (seen == null) {
          isOpen.put(next, true);
          path.push(next);
          rest.push(Known.get(edges, next).iterator());
        }
      }
    }
    return "";
  }
}
