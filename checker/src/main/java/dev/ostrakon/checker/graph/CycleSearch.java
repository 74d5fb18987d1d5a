package dev.ostrakon.checker.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds short cycles in one component of a graph.
 *
 * <p>A cycle is the list of its edges, each of which starts where the one before ends.
 */
public final class CycleSearch {
  private static final int NONE = -1;

  private final Digraph graph;
  private final boolean[] inside;

  /** For each node the edge by which the current search came to it. */
  private final int[] cameBy;

  private final int[] cameFrom;

  /** For each node the length of the shortest way known, if the search that found it goes on. */
  private final int[] lengths;

  private final int[] searchedIn;
  private final NodeDeque queue = new NodeDeque();
  private final int freeMask;
  private int search;
  private long edgesLeft;

  /**
   * @param graph whose component it is
   * @param component the nodes that cycles may touch
   * @param freeMask the kinds of edges that do not count for the length of a way
   * @param edgesMax so many edges are looked at in all searches together
   */
  public CycleSearch(Digraph graph, int[] component, int freeMask, long edgesMax) {
    this.graph = graph;
    inside = new boolean[graph.nodeCount()];
    for (int node : component) {
      inside[node] = true;
    }
    cameBy = new int[graph.nodeCount()];
    cameFrom = new int[graph.nodeCount()];
    lengths = new int[graph.nodeCount()];
    searchedIn = new int[graph.nodeCount()];
    this.freeMask = freeMask;
    Arrays.fill(cameBy, NONE);
    edgesLeft = edgesMax;
  }

  /** Whether searches may still look at edges. */
  public boolean hasBudget() {
    return edgesLeft > 0;
  }

  /**
   * The shortest way from {@code source} to {@code target} over edges whose kinds are in the mask,
   * if there is one and the budget suffices. A way from a node to itself is a cycle.
   */
  public Optional<List<Integer>> path(int source, int target, int mask) {
    search++;
    queue.clear(); // By length, as edges count 0 or 1.
    visit(source, 0, mask);
    while (!queue.isEmpty() && edgesLeft > 0) {
      int node = queue.removeFirst();
      if (node == target) {
        return Optional.of(wayTo(source, target));
      }
      visit(node, lengths[node], mask);
    }
    return Optional.empty();
  }

  private void visit(int node, int length, int mask) {
    for (int edge = graph.firstEdge(node); edge < graph.endEdge(node); edge++) {
      edgesLeft--;
      int next = graph.target(edge);
      boolean free = graph.isIn(edge, freeMask);
      int nextLength = free ? length : length + 1;
      boolean known = searchedIn[next] == search && lengths[next] <= nextLength;
      if (!known && graph.isIn(edge, mask) && inside[next]) {
        searchedIn[next] = search;
        lengths[next] = nextLength;
        cameBy[next] = edge;
        cameFrom[next] = node;
        if (free) {
          queue.addFirst(next);
        } else {
          queue.addLast(next);
        }
      }
    }
  }

  private List<Integer> wayTo(int source, int target) {
    List<Integer> edges = new ArrayList<>();
    int node = target;
    do {
      edges.add(cameBy[node]);
      node = cameFrom[node];
    } while (node != source);
    Collections.reverse(edges);
    return edges;
  }
}
