package dev.ostrakon.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who was asked, and what each said last. Bounded: nodes beyond the first ones are counted only.
 * Confined to one event loop.
 */
final class Attempts {
  static final int NODES_MAX = 9;
  static final int SAID_CHARACTERS_MAX = 200;

  private final Map<String, CallReport.Asked> byNode = new LinkedHashMap<>();
  private int others;

  /** A node was asked and said something, or nothing. */
  void add(String node, Throwable outcome) {
    CallReport.Asked before = byNode.get(node);
    if (before == null && byNode.size() >= NODES_MAX) {
      others++;
      return;
    }
    byNode.put(
        node, new CallReport.Asked(node, said(outcome), before == null ? 1 : before.times() + 1));
  }

  void clear() {
    byNode.clear();
    others = 0;
  }

  List<CallReport.Asked> toList() {
    List<CallReport.Asked> all = new ArrayList<>(byNode.values());
    if (others > 0) {
      all.add(new CallReport.Asked("further nodes", "no more than these", others));
    }
    return all;
  }

  private static String said(Throwable outcome) {
    String text = text(outcome);
    Throwable cause = outcome.getCause();
    if (cause != null && !text.contains(text(cause))) {
      text += " (" + text(cause) + ")";
    }
    return shortened(text);
  }

  /** The first line, up to a bound. */
  static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= SAID_CHARACTERS_MAX
        ? line
        : line.substring(0, SAID_CHARACTERS_MAX) + "...";
  }

  private static String text(Throwable outcome) {
    if (outcome instanceof KvException failure) {
      return failure.sentence();
    }
    String message = outcome.getMessage();
    return message == null ? outcome.getClass().getSimpleName() : message;
  }
}
