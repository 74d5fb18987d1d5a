package dev.ostrakon.checker.graph;

import java.util.Arrays;

/**
 * An immutable directed graph of nodes numbered from 0. Every edge has a kind below 32 and a tag of
 * the caller, below 2^27.
 */
public final class Digraph {
  private static final int KIND_BITS = 5;

  /** The mask of all kinds. */
  public static final int ALL = -1;

  private final int[] firstEdge;
  private final int[] targets;
  private final int[] labels;

  private Digraph(int[] firstEdge, int[] targets, int[] labels) {
    this.firstEdge = firstEdge;
    this.targets = targets;
    this.labels = labels;
  }

  public int nodeCount() {
    return firstEdge.length - 1;
  }

  public int edgeCount() {
    return targets.length;
  }

  /** The first of the edges that leave the node; they are numbered one after the other. */
  public int firstEdge(int node) {
    return firstEdge[node];
  }

  /** One more than the last of the edges that leave the node. */
  public int endEdge(int node) {
    return firstEdge[node + 1];
  }

  public int target(int edge) {
    return targets[edge];
  }

  public int kind(int edge) {
    return labels[edge] & ((1 << KIND_BITS) - 1);
  }

  public int tag(int edge) {
    return labels[edge] >>> KIND_BITS;
  }

  /** Whether the kind of the edge is in the mask. */
  boolean isIn(int edge, int mask) {
    return (mask & (1 << kind(edge))) != 0;
  }

  /** Collects edges. */
  public static final class Builder {
    private int[] sources = new int[16];
    private int[] targets = new int[16];
    private int[] labels = new int[16];
    private int size;
    private int nodeCount;

    /** Adds nodes; returns the number of the first. */
    public int addNodes(int count) {
      nodeCount += count;
      return nodeCount - count;
    }

    /** Adds an edge; one from a node to itself is left out. */
    public void addEdge(int source, int target, int kind, int tag) {
      if (source == target) {
        return;
      }
      if (size == sources.length) {
        sources = Arrays.copyOf(sources, 2 * size);
        targets = Arrays.copyOf(targets, 2 * size);
        labels = Arrays.copyOf(labels, 2 * size);
      }
      sources[size] = source;
      targets[size] = target;
      labels[size++] = (tag << KIND_BITS) | kind;
    }

    /** The graph of all nodes and edges so far. */
    public Digraph build() {
      int[] first = new int[nodeCount + 1];
      for (int i = 0; i < size; i++) {
        first[sources[i] + 1]++;
      }
      for (int node = 0; node < nodeCount; node++) {
        first[node + 1] += first[node];
      }
      int[] free = first.clone();
      int[] sortedTargets = new int[size];
      int[] sortedLabels = new int[size];
      for (int i = 0; i < size; i++) {
        int at = free[sources[i]]++;
        sortedTargets[at] = targets[i];
        sortedLabels[at] = labels[i];
      }
      return new Digraph(first, sortedTargets, sortedLabels);
    }
  }
}
