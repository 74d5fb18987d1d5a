package dev.ostrakon.checker;

import dev.ostrakon.checker.graph.Digraph;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that transactions which append unique elements to lists and read them could have happened
 * one at a time, each between its call and its answer, as in Kingsbury and Alvaro, "Elle: inferring
 * isolation anomalies from experimental observations" (VLDB 2020).
 *
 * <p>Reads show the order of appends, this and real time give dependencies, and a cycle of these,
 * or a read that no order allows, is an anomaly. What is reported is an anomaly for certain. A
 * history without one is strictly serializable as far as its reads show: the order of appends that
 * nobody read is open, so end a history with a read of every list.
 *
 * <p>Takes time and memory linear in the history. Real time includes the order of each process.
 */
public final class StrictSerializability {
  private StrictSerializability() {}

  /** Judges a history; the order of its operations does not matter. */
  public static Report check(List<TxnOperation> history) {
    Anomalies anomalies = new Anomalies();
    ListReads reads = new ListReads(history, anomalies);
    new LostAppends(history, anomalies).check(reads);
    DependencyGraph dependencies =
        new DependencyGraph(history.stream().map(TxnOperation::span).toList());
    dependencies.addDependencies(reads);
    dependencies.addRealTime(reads::isEffective);
    Digraph graph = dependencies.build();
    List<String> keys = new ArrayList<>();
    reads.lists().forEach(list -> keys.add(list.key()));
    keys.add(""); // The edges of real time bear the tag 0 even if there is no list.
    new CycleReport(history, graph, keys, anomalies).run();
    return Report.of(
        history.size()
            + " transactions on "
            + (keys.size() - 1)
            + " lists"
            + anomalies.countsText(),
        anomalies.shown());
  }
}
