package dev.ostrakon.checker.graph;

import java.util.Arrays;

/**
 * Finds edges that close a cycle: edges of one kind whose target reaches their source over edges of
 * other kinds.
 *
 * <p>A search from each edge would take time in proportion to the square of the graph. Here the
 * components over the other kinds are put in topological order first. An edge along that order
 * closes nothing. Of the edges against it 64 at a time are decided by one pass over the graph, each
 * with a bit of its own.
 */
public final class BackEdges {
  private static final int BATCH = Long.SIZE;

  private final Digraph graph;
  private final int mask;
  private final int[] numbers;

  /** All nodes by their numbers, and where the nodes of each number begin. */
  private final int[] byNumber;

  private final int[] begins;
  private final long[] marks;
  private long edgesLeft;

  /**
   * @param mask the kinds of edges that lead back
   * @param edgesMax so many edges are looked at in all calls together
   */
  public BackEdges(Digraph graph, int mask, long edgesMax) {
    this.graph = graph;
    this.mask = mask;
    numbers = Components.numbers(graph, mask);
    int count = Arrays.stream(numbers).max().orElse(-1) + 1;
    begins = new int[count + 1];
    byNumber = new int[numbers.length];
    marks = new long[count];
    edgesLeft = edgesMax;
    sortNodes();
  }

  private void sortNodes() {
    for (int number : numbers) {
      begins[number + 1]++;
    }
    for (int number = 1; number < begins.length; number++) {
      begins[number] += begins[number - 1];
    }
    int[] free = begins.clone();
    for (int node = 0; node < numbers.length; node++) {
      byNumber[free[numbers[node]]++] = node;
    }
  }

  /**
   * Edges of the given kind between nodes of a component whose targets reach their sources.
   *
   * @param component nodes
   * @param limit so many at most
   * @return the edges found, all of them if the limit and the budget suffice
   */
  public int[] find(int[] component, int kind, int limit) {
    boolean[] inside = new boolean[graph.nodeCount()];
    for (int node : component) {
      inside[node] = true;
    }
    int[] found = new int[limit];
    int size = 0;
    int[] sources = new int[BATCH];
    int[] edges = new int[BATCH];
    int waiting = 0;
    for (int source : component) {
      for (int edge = graph.firstEdge(source); edge < graph.endEdge(source); edge++) {
        int target = graph.target(edge);
        edgesLeft--;
        if (graph.kind(edge) != kind
            || !inside[target]
            || numbers[target] < numbers[source]
            || size == limit
            || edgesLeft < 0) {
          continue;
        }
        if (numbers[target] == numbers[source]) {
          found[size++] = edge;
          continue;
        }
        sources[waiting] = source;
        edges[waiting++] = edge;
        if (waiting == BATCH) {
          size = decide(sources, edges, waiting, found, size);
          waiting = 0;
        }
      }
    }
    return Arrays.copyOf(found, decide(sources, edges, waiting, found, size));
  }

  /** Adds those of some edges whose targets reach their sources; returns the new size. */
  private int decide(int[] sources, int[] edges, int count, int[] found, int sizeBefore) {
    int highest = -1;
    int lowest = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      int number = numbers[graph.target(edges[i])];
      marks[number] |= 1L << i;
      highest = Math.max(highest, number);
      lowest = Math.min(lowest, numbers[sources[i]]);
    }
    for (int number = highest; number > lowest && edgesLeft > 0; number--) {
      spread(number, lowest);
    }
    int size = sizeBefore;
    for (int i = 0; i < count && size < found.length; i++) {
      if ((marks[numbers[sources[i]]] & (1L << i)) != 0) {
        found[size++] = edges[i];
      }
    }
    if (highest >= 0) {
      Arrays.fill(marks, lowest, highest + 1, 0);
    }
    return size;
  }

  /** Marks what the nodes of a number lead to, down to the lowest number that counts. */
  private void spread(int number, int lowest) {
    long mark = marks[number];
    if (mark == 0) {
      return;
    }
    for (int i = begins[number]; i < begins[number + 1]; i++) {
      int node = byNumber[i];
      for (int edge = graph.firstEdge(node); edge < graph.endEdge(node); edge++) {
        edgesLeft--;
        int reached = numbers[graph.target(edge)];
        if (reached >= lowest && graph.isIn(edge, mask)) {
          marks[reached] |= mark;
        }
      }
    }
  }
}
