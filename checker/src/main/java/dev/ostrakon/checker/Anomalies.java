package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects anomalies, a few of each kind. */
final class Anomalies {
  private static final int SHOWN_MAX = 3; // of each kind

  private final Map<String, List<Anomaly>> byKind = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  void add(String kind, String explanation, List<?> operations) {
    counts.merge(kind, 1, Integer::sum);
    List<Anomaly> shown = byKind.computeIfAbsent(kind, ignored -> new ArrayList<>());
    if (shown.size() < SHOWN_MAX) {
      List<String> lines = operations.stream().map(Object::toString).toList();
      shown.add(new Anomaly(kind, explanation, lines));
    }
  }

  boolean has(String kind) {
    return byKind.containsKey(kind);
  }

  /** The first few of each kind. */
  List<Anomaly> shown() {
    return byKind.values().stream().flatMap(List::stream).toList();
  }

  /** How many of each kind there are, for a summary; begins with a comma unless empty. */
  String countsText() {
    StringBuilder text = new StringBuilder();
    counts.forEach((kind, count) -> text.append(", ").append(count).append(' ').append(kind));
    return text.toString();
  }
}
