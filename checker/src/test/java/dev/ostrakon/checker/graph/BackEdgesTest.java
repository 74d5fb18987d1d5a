package dev.ostrakon.checker.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Edges that close a cycle, compared with a search from each of them. */
final class BackEdgesTest {
  private static final int WAY = 0;
  private static final int BACK = 1;
  private static final int WAY_MASK = 1 << WAY;

  @Test
  void finds_what_a_search_from_each_edge_finds() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      int nodes = 2 + random.nextInt(round % 10 == 0 ? 200 : 20);
      Digraph graph = draw(random, nodes, 1 + random.nextInt(3 * nodes));
      int[] all = IntStream.range(0, nodes).toArray();

      int[] found = new BackEdges(graph, WAY_MASK, Long.MAX_VALUE).find(all, BACK, 10_000);

      assertThat(Arrays.stream(found).sorted().toArray()).isEqualTo(searched(graph));
    }
  }

  @Test
  void many_edges_that_close_nothing_cost_one_pass_for_each_64() {
    int nodes = 30_000;
    Digraph.Builder builder = new Digraph.Builder();
    builder.addNodes(nodes);
    for (int node = 1; node < nodes; node++) {
      builder.addEdge(node - 1, node, WAY, 0);
      builder.addEdge(node - 1, node, BACK, 0); // Along the way: closes nothing.
    }
    builder.addEdge(nodes - 1, 0, BACK, 0);
    Digraph graph = builder.build();

    int[] found =
        new BackEdges(graph, WAY_MASK, 1_000_000)
            .find(IntStream.range(0, nodes).toArray(), BACK, 10);

    assertThat(found).containsExactly(graph.edgeCount() - 1);
  }

  @Test
  void no_more_are_found_than_asked_for() {
    Digraph.Builder builder = new Digraph.Builder();
    builder.addNodes(2);
    builder.addEdge(0, 1, WAY, 0);
    for (int i = 0; i < 200; i++) {
      builder.addEdge(1, 0, BACK, i);
    }

    int[] found =
        new BackEdges(builder.build(), WAY_MASK, 1_000_000).find(new int[] {0, 1}, BACK, 3);

    assertThat(found).hasSize(3);
  }

  private static Digraph draw(SplittableRandom random, int nodes, int edges) {
    Digraph.Builder builder = new Digraph.Builder();
    builder.addNodes(nodes);
    for (int i = 0; i < edges; i++) {
      int kind = random.nextInt(3) == 0 ? BACK : WAY;
      builder.addEdge(random.nextInt(nodes), random.nextInt(nodes), kind, 0);
    }
    return builder.build();
  }

  private static int[] searched(Digraph graph) {
    return IntStream.range(0, graph.nodeCount())
        .flatMap(
            source ->
                IntStream.range(graph.firstEdge(source), graph.endEdge(source))
                    .filter(edge -> graph.kind(edge) == BACK)
                    .filter(edge -> reaches(graph, graph.target(edge), source)))
        .sorted()
        .toArray();
  }

  private static boolean reaches(Digraph graph, int from, int to) {
    boolean[] seen = new boolean[graph.nodeCount()];
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(from);
    while (!queue.isEmpty()) {
      int node = queue.remove();
      if (node == to) {
        return true;
      }
      for (int edge = graph.firstEdge(node); edge < graph.endEdge(node); edge++) {
        int next = graph.target(edge);
        if (graph.isIn(edge, WAY_MASK) && !seen[next]) {
          seen[next] = true;
          queue.add(next);
        }
      }
    }
    return false;
  }
}
