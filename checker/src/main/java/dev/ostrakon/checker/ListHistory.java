package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a history tells of one list.
 *
 * <p>A list only grows, so what was read of it are all beginnings of one list, the longest that was
 * read: it is the order of the appends.
 */
final class ListHistory {
  private final String key;
  private final int id;

  /** For each element that was ever to be appended, whatever came of it, the operation. */
  private final Map<Long, Integer> writers = new HashMap<>();

  private Elements longest = Elements.EMPTY;

  /** The elements of the longest read, once asked for. */
  private @Nullable Set<Long> observed;

  /** Who appended what is in no read: it comes after all that was read. */
  private final List<Integer> unobserved = new ArrayList<>();

  ListHistory(String key, int id) {
    this.key = key;
    this.id = id;
  }

  String key() {
    return key;
  }

  /** A number for this list, from 0 on. */
  int id() {
    return id;
  }

  /** Takes note of an append; returns the operation that has appended the same before, if any. */
  @Nullable Integer addAppend(long element, int operation) {
    return writers.put(element, operation);
  }

  void addRead(Elements found) {
    if (found.size() > longest.size()) {
      longest = found;
      observed = null;
    }
  }

  void addUnobserved(int operation) {
    unobserved.add(operation);
  }

  /** The operation that was to append the element; null if none was. */
  @Nullable Integer writerOf(long element) {
    return writers.get(element);
  }

  /** Whether the longest read has the element. */
  boolean contains(long element) {
    Set<Long> known = observed;
    if (known == null) {
      known = new HashSet<>();
      for (int i = 0; i < longest.size(); i++) {
        known.add(longest.at(i));
      }
      observed = known;
    }
    return known.contains(element);
  }

  Elements longest() {
    return longest;
  }

  List<Integer> unobserved() {
    return unobserved;
  }
}
