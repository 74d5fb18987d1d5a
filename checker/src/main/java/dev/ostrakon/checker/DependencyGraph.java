package dev.ostrakon.checker;

import dev.ostrakon.checker.graph.Digraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Which transaction has to come before which: Adya's dependencies ("Weak consistency", 1999) and
 * real time.
 *
 * <p>The first nodes are the transactions by number. The others only pass on, by edges of kind
 * {@link #LINK}: they make many edges from some transactions to many others few.
 */
final class DependencyGraph {
  /** Both append to a list; the target next after the source. */
  static final int WW = 0;

  /** The target reads what the source appended last. */
  static final int WR = 1;

  /** The source reads a list before the target appends to it. */
  static final int RW = 2;

  /** The source was answered before the target was called. */
  static final int REAL_TIME = 3;

  /** Leads on from a node that is no transaction. */
  static final int LINK = 4;

  private static final int DIRECT_EDGES_MAX = 64;

  private final List<? extends Span> spans;
  private final Digraph.Builder builder = new Digraph.Builder();

  DependencyGraph(List<? extends Span> spans) {
    this.spans = spans;
    builder.addNodes(spans.size());
  }

  Digraph build() {
    return builder.build();
  }

  /** Adds the order of appends to each list, and who read what. */
  void addDependencies(ListReads reads) {
    for (ListHistory list : reads.lists()) {
      addOrder(list);
    }
    for (ListReads.Seen seen : reads.seen()) {
      addRead(seen);
    }
    addTails(reads);
  }

  private void addOrder(ListHistory list) {
    Elements order = list.longest();
    for (int i = 1; i < order.size(); i++) {
      Integer before = list.writerOf(order.at(i - 1));
      Integer after = list.writerOf(order.at(i));
      if (before != null && after != null) {
        builder.addEdge(before, after, WW, list.id());
      }
    }
  }

  private void addRead(ListReads.Seen seen) {
    ListHistory list = seen.list();
    Elements order = list.longest();
    Integer before = seen.length() == 0 ? null : list.writerOf(order.at(seen.length() - 1));
    if (before != null) {
      builder.addEdge(before, seen.operation(), WR, list.id());
    }
    Integer after = seen.length() == order.size() ? null : list.writerOf(order.at(seen.length()));
    if (after != null) {
      builder.addEdge(seen.operation(), after, RW, list.id());
    }
  }

  /** Appends that nobody read come after everything that was read. */
  private void addTails(ListReads reads) {
    int[] tails = new int[reads.listCount()];
    List<Set<Integer>> unobserved = new ArrayList<>();
    for (ListHistory list : reads.lists()) {
      Set<Integer> writers = new HashSet<>(list.unobserved());
      unobserved.add(writers);
      tails[list.id()] = builder.addNodes(1);
      for (int writer : list.unobserved()) {
        builder.addEdge(tails[list.id()], writer, LINK, list.id());
      }
      int size = list.longest().size();
      Integer last = size == 0 ? null : list.writerOf(list.longest().at(size - 1));
      if (last != null && !writers.contains(last)) {
        builder.addEdge(last, tails[list.id()], WW, list.id());
      }
    }
    for (ListReads.Seen seen : reads.seen()) {
      ListHistory list = seen.list();
      if (seen.length() < list.longest().size()) {
        continue;
      }
      if (unobserved.get(list.id()).contains(seen.operation())) {
        addDirectEdges(seen);
      } else {
        builder.addEdge(seen.operation(), tails[list.id()], RW, list.id());
      }
    }
  }

  /**
   * One that also appended itself must not come before itself. Two of these already make a cycle,
   * so it does no harm to leave out edges if there are many.
   */
  private void addDirectEdges(ListReads.Seen seen) {
    List<Integer> writers = seen.list().unobserved();
    for (int writer : writers.subList(0, Math.min(DIRECT_EDGES_MAX, writers.size()))) {
      builder.addEdge(seen.operation(), writer, RW, seen.list().id());
    }
  }

  /**
   * Adds real time with one node for each run of answers: whoever was answered leads to it, and it
   * leads to the next one and to those that were called before the next one.
   */
  void addRealTime(IntPredicate included) {
    long[] events = events(included);
    int open = -1; // The node that the next answers lead to, once there is one.
    int current = -1; // The node that leads to the next calls.
    for (long event : events) {
      int operation = (int) (event >>> 1);
      boolean isAnswer = (event & 1) != 0;
      if (isAnswer) {
        if (open < 0) {
          open = builder.addNodes(1);
        }
        builder.addEdge(operation, open, REAL_TIME, 0);
      } else {
        if (open >= 0) {
          if (current >= 0) {
            builder.addEdge(current, open, LINK, 0);
          }
          current = open;
          open = -1;
        }
        if (current >= 0) {
          builder.addEdge(current, operation, LINK, 0);
        }
      }
    }
  }

  /** Calls (twice the number of the operation) and answers (one more) in the order of time. */
  private long[] events(IntPredicate included) {
    List<long[]> events = new ArrayList<>(); // position, event
    for (int i = 0; i < spans.size(); i++) {
      if (included.test(i)) {
        Span span = spans.get(i);
        events.add(new long[] {span.called(), 2L * i});
        if (span.returned() != Span.NEVER) {
          events.add(new long[] {span.returned(), 2L * i + 1});
        }
      }
    }
    // A call at the position of an answer is concurrent with it, so it comes first.
    events.sort(
        (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1] & 1, b[1] & 1));
    return events.stream().mapToLong(event -> event[1]).toArray();
  }
}
