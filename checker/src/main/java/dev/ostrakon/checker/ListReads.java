package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks each read of a list for itself and against the order of appends, and finds which appends
 * took effect.
 */
final class ListReads {
  /**
   * What a transaction saw of a list that came from others.
   *
   * @param length so many elements from the beginning on
   */
  record Seen(int operation, ListHistory list, int length) {}

  private final List<TxnOperation> history;
  private final Map<String, ListHistory> lists = new LinkedHashMap<>();
  private final List<Seen> seen = new ArrayList<>();
  private final boolean[] effective;
  private final Anomalies anomalies;

  ListReads(List<TxnOperation> history, Anomalies anomalies) {
    this.history = history;
    this.anomalies = anomalies;
    effective = new boolean[history.size()];
    for (int i = 0; i < history.size(); i++) {
      effective[i] = history.get(i).status() == Status.OK;
      collect(i);
    }
    lists.values().forEach(this::checkOrder);
    for (int i = 0; i < history.size(); i++) {
      if (effective[i]) {
        findUnobserved(i);
      }
      if (history.get(i).status() == Status.OK) {
        checkSteps(i);
      }
    }
  }

  List<Seen> seen() {
    return seen;
  }

  Iterable<ListHistory> lists() {
    return lists.values();
  }

  int listCount() {
    return lists.size();
  }

  /** Whether the transaction certainly took effect: it is ok, or somebody read what it appended. */
  boolean isEffective(int operation) {
    return effective[operation];
  }

  private ListHistory list(String key) {
    return lists.computeIfAbsent(key, added -> new ListHistory(added, lists.size()));
  }

  private void collect(int index) {
    TxnOperation operation = history.get(index);
    for (Step step : operation.steps()) {
      if (step instanceof Step.Append append) {
        Integer other = list(append.key()).addAppend(append.element(), index);
        if (other != null) {
          anomalies.add(
              "duplicate-append",
              append.element() + " is appended to " + append.key() + " by two steps",
              List.of(history.get(other), operation));
        }
      } else if (step instanceof Step.Read read && operation.status() == Status.OK) {
        list(read.key()).addRead(read.found());
      }
    }
  }

  /** Looks at each element of the longest read of a list: whoever reads less reads a part of it. */
  private void checkOrder(ListHistory list) {
    checkElements(list, list.longest(), null);
    for (int i = 0; i < list.longest().size(); i++) {
      Integer writer = list.writerOf(list.longest().at(i));
      if (writer != null) {
        effective[writer] = true;
      }
    }
    checkOrderWithinWriters(list);
  }

  /** Elements of one transaction that stand together must stand in the order of its steps. */
  private void checkOrderWithinWriters(ListHistory list) {
    Elements order = list.longest();
    int from = 0;
    while (from < order.size()) {
      Integer writer = list.writerOf(order.at(from));
      int to = from + 1;
      while (to < order.size() && Objects.equals(list.writerOf(order.at(to)), writer)) {
        to++;
      }
      if (writer != null && to - from > 1 && !isInStepOrder(list, writer, from, to)) {
        report(
            "internal",
            list.key() + " has the appends of a transaction in another order than its steps",
            list,
            null,
            writer);
      }
      from = to;
    }
  }

  /** Whether the elements in {@code [from, to)} stand as one writer's steps append them. */
  private boolean isInStepOrder(ListHistory list, int writer, int from, int to) {
    int next = from;
    for (Step step : history.get(writer).steps()) {
      if (next < to
          && step instanceof Step.Append append
          && append.key().equals(list.key())
          && append.element() == list.longest().at(next)) {
        next++;
      }
    }
    return next == to;
  }

  private void checkElements(ListHistory list, Elements found, @Nullable TxnOperation reader) {
    Set<Long> before = new HashSet<>();
    for (int i = 0; i < found.size(); i++) {
      long element = found.at(i);
      Integer writer = list.writerOf(element);
      if (!before.add(element)) {
        report("duplicate-append", element + " is twice in " + list.key(), list, reader, writer);
      }
      if (writer == null) {
        report(
            "unwritten-read",
            "nobody appended " + element + " to " + list.key(),
            list,
            reader,
            null);
      } else if (history.get(writer).status() == Status.FAIL) {
        report(
            "G1a",
            element + " in " + list.key() + " is of a transaction that failed",
            list,
            reader,
            writer);
      }
    }
  }

  private void report(
      String kind,
      String explanation,
      ListHistory list,
      @Nullable TxnOperation reader,
      @Nullable Integer writer) {
    List<TxnOperation> operations = new ArrayList<>();
    if (writer != null) {
      operations.add(history.get(writer));
    }
    operations.add(reader != null ? reader : readerOf(list));
    anomalies.add(kind, explanation, operations);
  }

  /** Somebody who read the longest version. */
  private TxnOperation readerOf(ListHistory list) {
    for (TxnOperation operation : history) {
      for (Step step : operation.steps()) {
        if (operation.status() == Status.OK
            && step instanceof Step.Read read
            && read.key().equals(list.key())
            && read.found().equals(list.longest())) {
          return operation;
        }
      }
    }
    throw new IllegalStateException("nobody read " + list.longest() + " of " + list.key());
  }

  private void findUnobserved(int index) {
    for (Step step : history.get(index).steps()) {
      if (step instanceof Step.Append append) {
        ListHistory list = list(append.key());
        if (!list.contains(append.element())) {
          list.addUnobserved(index);
        }
      }
    }
  }

  private void checkSteps(int index) {
    TxnOperation operation = history.get(index);
    Map<String, Own> own = new HashMap<>();
    for (Step step : operation.steps()) {
      Own known = own.computeIfAbsent(step.key(), ignored -> new Own());
      if (step instanceof Step.Append append) {
        known.appended.add(append.element());
      } else if (step instanceof Step.Read read) {
        checkRead(index, read, known);
      }
    }
  }

  /** What a transaction itself did to a list, and what it read of it. */
  private static final class Own {
    final List<Long> appended = new ArrayList<>();
    @Nullable Elements external;

    /** Whether the read shows what was seen before, or anything at first, and then the appends. */
    boolean fits(Elements found) {
      int length = found.size() - appended.size();
      Elements before = external;
      if (length < 0
          || (before != null && (before.size() != length || !found.startsWith(before)))) {
        return false;
      }
      for (int i = 0; i < appended.size(); i++) {
        if (found.at(length + i) != appended.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  private void checkRead(int index, Step.Read read, Own own) {
    TxnOperation operation = history.get(index);
    ListHistory list = list(read.key());
    if (!own.fits(read.found())) {
      anomalies.add(
          "internal",
          "the read of " + read.key() + " does not fit the earlier steps of its transaction",
          List.of(operation));
      return;
    }
    if (!list.longest().startsWith(read.found())) {
      checkElements(list, read.found(), operation);
      anomalies.add(
          "incompatible-order",
          "of two reads of " + read.key() + " neither begins the other",
          List.of(operation, readerOf(list)));
      return;
    }
    if (own.external == null) {
      int length = read.found().size() - own.appended.size();
      own.external = read.found().first(length);
      seen.add(new Seen(index, list, length));
      checkWhole(index, list, length);
    }
  }

  /** Whether the last element is the last that its transaction appended. */
  private void checkWhole(int reader, ListHistory list, int length) {
    if (length == 0) {
      return;
    }
    long last = list.longest().at(length - 1);
    Integer writer = list.writerOf(last);
    if (writer == null) {
      return;
    }
    if (writer == reader) {
      anomalies.add(
          "internal",
          "the read of " + list.key() + " shows an append of a later step of its transaction",
          List.of(history.get(reader)));
      return;
    }
    long lastOfWriter = last;
    for (Step step : history.get(writer).steps()) {
      if (step instanceof Step.Append append && append.key().equals(list.key())) {
        lastOfWriter = append.element();
      }
    }
    if (lastOfWriter != last) {
      anomalies.add(
          "G1b",
          "the read of " + list.key() + " ends in the midst of a transaction, with " + last,
          List.of(history.get(writer), history.get(reader)));
    }
  }
}
