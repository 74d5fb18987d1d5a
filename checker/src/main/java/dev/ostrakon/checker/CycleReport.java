package dev.ostrakon.checker;

import dev.ostrakon.checker.graph.BackEdges;
import dev.ostrakon.checker.graph.Components;
import dev.ostrakon.checker.graph.CycleSearch;
import dev.ostrakon.checker.graph.Digraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds cycles in a graph of dependencies and names them as Adya does: G0 (appends alone), G1c (and
 * reads of what was appended), G-single (and one read that misses an append), G2 (and several);
 * with {@code -realtime} if it takes the order of real time to close the cycle.
 */
final class CycleReport {
  private static final int LINKS = mask(DependencyGraph.LINK);
  private static final int APPENDS = LINKS | mask(DependencyGraph.WW);
  private static final int FLOWS = APPENDS | mask(DependencyGraph.WR);
  private static final int READS = FLOWS | mask(DependencyGraph.RW);
  private static final int TIME = mask(DependencyGraph.REAL_TIME);

  /** Enough for some dozens of searches through a million transactions. */
  private static final long EDGES_MAX = 50_000_000;

  private static final int STARTS_MAX = 32; // of searches in one component
  private static final int COMPONENTS_MAX = 4;
  private static final int STEPS_SHORT = 2;

  private final List<TxnOperation> history;
  private final Digraph graph;
  private final List<String> keys;
  private final Anomalies anomalies;

  CycleReport(List<TxnOperation> history, Digraph graph, List<String> keys, Anomalies anomalies) {
    this.history = history;
    this.graph = graph;
    this.keys = keys;
    this.anomalies = anomalies;
  }

  private static int mask(int kind) {
    return 1 << kind;
  }

  /** Reports cycles, of each kind that is found at least one. */
  void run() {
    if (Components.of(graph, Digraph.ALL).isEmpty()) {
      return;
    }
    for (int time : new int[] {0, TIME}) {
      search(APPENDS | time);
      search(FLOWS | time);
      searchSingle(FLOWS | time);
      search(READS | time);
    }
  }

  /** Reports a short cycle of edges in the mask for each of some components. */
  private void search(int mask) {
    int left = COMPONENTS_MAX;
    for (int[] component : Components.of(graph, mask)) {
      if (left-- == 0) {
        return;
      }
      CycleSearch search = new CycleSearch(graph, component, LINKS, EDGES_MAX);
      List<Integer> best = List.of();
      for (int i = 0; i < Math.min(STARTS_MAX, component.length) && mayGoOn(search, best); i++) {
        int node = component[i];
        best = shorter(best, search.path(node, node, mask).orElse(List.of()));
      }
      report(best, component);
    }
  }

  private boolean mayGoOn(CycleSearch search, List<Integer> best) {
    return search.hasBudget() && (best.isEmpty() || steps(best) > STEPS_SHORT);
  }

  private List<Integer> shorter(List<Integer> left, List<Integer> right) {
    return left.isEmpty() || (!right.isEmpty() && steps(right) < steps(left)) ? right : left;
  }

  /** How many transactions a cycle has. */
  private long steps(List<Integer> cycle) {
    return cycle.stream().filter(edge -> graph.kind(edge) != DependencyGraph.LINK).count();
  }

  /** Reports cycles with exactly one read that misses an append. */
  private void searchSingle(int mask) {
    List<int[]> components = Components.of(graph, mask | READS);
    if (components.isEmpty()) {
      return;
    }
    BackEdges backEdges = new BackEdges(graph, mask, EDGES_MAX);
    for (int[] component : components.subList(0, Math.min(COMPONENTS_MAX, components.size()))) {
      CycleSearch search = new CycleSearch(graph, component, LINKS, EDGES_MAX);
      List<Integer> best = List.of();
      for (int edge : backEdges.find(component, DependencyGraph.RW, STARTS_MAX)) {
        if (mayGoOn(search, best)) {
          best = shorter(best, closedBy(search, edge, mask));
        }
      }
      if (!best.isEmpty()) {
        report(best, component);
      }
    }
  }

  private List<Integer> closedBy(CycleSearch search, int edge, int mask) {
    int start = graph.target(edge);
    int end = source(edge);
    Optional<List<Integer>> back = search.path(start, end, mask);
    if (back.isEmpty()) {
      return List.of();
    }
    List<Integer> cycle = new ArrayList<>(List.of(edge));
    cycle.addAll(back.get());
    return cycle;
  }

  private void report(List<Integer> cycle, int[] component) {
    if (cycle.isEmpty()) {
      anomalies.add(
          "cycle", "transactions that must all come before each other", members(component));
      return;
    }
    String kind = kindOf(cycle);
    if (!anomalies.has(kind)) {
      anomalies.add(
          kind,
          "each of these must come before the next, the last before the first",
          describe(cycle));
    }
  }

  private List<TxnOperation> members(int[] component) {
    List<TxnOperation> members = new ArrayList<>();
    for (int node : component) {
      if (node < history.size() && members.size() < STARTS_MAX) {
        members.add(history.get(node));
      }
    }
    return members;
  }

  private String kindOf(List<Integer> cycle) {
    int[] counts = new int[DependencyGraph.LINK + 1];
    cycle.forEach(edge -> counts[graph.kind(edge)]++);
    String time = counts[DependencyGraph.REAL_TIME] > 0 ? "-realtime" : "";
    return switch (counts[DependencyGraph.RW]) {
      case 0 -> (counts[DependencyGraph.WR] > 0 ? "G1c" : "G0") + time;
      case 1 -> "G-single" + time;
      default -> "G2" + time;
    };
  }

  /** The transactions of a cycle, each with why it must come before the next. */
  private List<String> describe(List<Integer> cycle) {
    List<String> lines = new ArrayList<>();
    int first = 0; // A cycle may begin with a node that is no transaction.
    while (sourceIsLink(cycle, first)) {
      first++;
    }
    for (int i = 0; i < cycle.size(); i++) {
      int edge = cycle.get((first + i) % cycle.size());
      if (graph.kind(edge) != DependencyGraph.LINK) {
        lines.add(history.get(source(edge)) + why(edge));
      }
    }
    return lines;
  }

  private boolean sourceIsLink(List<Integer> cycle, int index) {
    return graph.kind(cycle.get(index)) == DependencyGraph.LINK;
  }

  private int source(int edge) {
    int low = 0;
    int high = graph.nodeCount() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (graph.firstEdge(middle) <= edge) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private String why(int edge) {
    String key = keys.get(graph.tag(edge));
    return switch (graph.kind(edge)) {
      case DependencyGraph.WW -> " -- ww: appended to " + key + " before -->";
      case DependencyGraph.WR -> " -- wr: its append to " + key + " is read by -->";
      case DependencyGraph.RW -> " -- rw: its read of " + key + " misses the append of -->";
      default -> " -- realtime: was answered before the call of -->";
    };
  }
}
