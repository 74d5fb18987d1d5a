package dev.ostrakon.cli.torture;

import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of lists: which are in use, and the next element of each. Any thread. */
final class ListKeys {
  private static final int ELEMENTS_MAX = 128;

  private final List<Long> inUse = new ArrayList<>();
  private final Map<Long, Long> lastElements = new LinkedHashMap<>();

  ListKeys(int count) {
    for (long key = 0; key < count; key++) {
      inUse.add(key);
      lastElements.put(key, 0L);
    }
  }

  /** A key in use. */
  synchronized long draw(RandomSource random) {
    return inUse.get(random.nextInt(inUse.size()));
  }

  /** An element that was never appended to the key. */
  synchronized long nextElement(long key) {
    long element = lastElements.merge(key, 1L, Long::sum);
    int place = inUse.indexOf(key);
    if (element >= ELEMENTS_MAX && place >= 0) {
      long next = lastElements.size();
      lastElements.put(next, 0L);
      inUse.set(place, next);
    }
    return element;
  }

  /** All keys that ever were in use. */
  synchronized List<Long> all() {
    return List.copyOf(lastElements.keySet());
  }
}
