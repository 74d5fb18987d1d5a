package dev.ostrakon.checker.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972),
 * without recursion.
 */
public final class Components {
  private static final int UNSEEN = 0;

  private final Digraph graph;
  private final int mask;

  /** When a node was first seen, from 1 on. */
  private final int[] seenAt;

  /** The earliest seen node on the stack that is known to be reached from a node. */
  private final int[] low;

  private final boolean[] stacked;
  private final int[] stack;
  private int stackSize;
  private final int[] path;
  private int pathSize;

  /** For each node the next edge to look at. */
  private final int[] nextEdge;

  /** For each node the number of its component, in the order in which these are completed. */
  private final int[] numbers;

  private int count;
  private int clock;
  private final List<int[]> found = new ArrayList<>();

  private Components(Digraph graph, int mask) {
    this.graph = graph;
    this.mask = mask;
    int count = graph.nodeCount();
    seenAt = new int[count];
    low = new int[count];
    stacked = new boolean[count];
    stack = new int[count];
    path = new int[count];
    nextEdge = new int[count];
    numbers = new int[count];
  }

  /** The components of two nodes and more, over the edges whose kinds are in the mask. */
  public static List<int[]> of(Digraph graph, int mask) {
    return searched(graph, mask).found;
  }

  /**
   * For each node the number of its component, from 0, over the edges whose kinds are in the mask.
   * An edge between two components leads to the one with the smaller number, so a node reaches no
   * component of a larger number than its own.
   */
  static int[] numbers(Digraph graph, int mask) {
    return searched(graph, mask).numbers;
  }

  private static Components searched(Digraph graph, int mask) {
    Components search = new Components(graph, mask);
    for (int node = 0; node < graph.nodeCount(); node++) {
      if (search.seenAt[node] == UNSEEN) {
        search.searchFrom(node);
      }
    }
    return search;
  }

  private void searchFrom(int root) {
    enter(root);
    while (pathSize > 0) {
      int node = path[pathSize - 1];
      if (nextEdge[node] == graph.endEdge(node)) {
        leave(node);
        continue;
      }
      int edge = nextEdge[node]++;
      int target = graph.target(edge);
      if (!graph.isIn(edge, mask)) {
        continue;
      }
      if (seenAt[target] == UNSEEN) {
        enter(target);
      } else if (stacked[target]) {
        low[node] = Math.min(low[node], seenAt[target]);
      }
    }
  }

  private void enter(int node) {
    seenAt[node] = ++clock;
    low[node] = clock;
    nextEdge[node] = graph.firstEdge(node);
    stacked[node] = true;
    stack[stackSize++] = node;
    path[pathSize++] = node;
  }

  private void leave(int node) {
    pathSize--;
    if (pathSize > 0) {
      int parent = path[pathSize - 1];
      low[parent] = Math.min(low[parent], low[node]);
    }
    if (low[node] == seenAt[node]) {
      int end = stackSize;
      do {
        stacked[stack[--stackSize]] = false;
        numbers[stack[stackSize]] = count;
      } while (stack[stackSize] != node);
      count++;
      if (end - stackSize > 1) {
        found.add(Arrays.copyOfRange(stack, stackSize, end));
      }
    }
  }
}
