package dev.ostrakon.group;

import java.util.Map;
import java.util.Objects;

/** Looks up what must be there. */
final class Known {
  private Known() {}

  static <K, V> V get(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key), () -> "nothing is known of " + key);
  }
}
