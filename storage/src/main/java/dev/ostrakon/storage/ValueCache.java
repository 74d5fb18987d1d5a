package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that were read from the disk lately, and keys that were not found there; the least
 * recently used ones give way. Confined to the owner.
 *
 * <p>Invariant: what is in here equals what is on the disk, because a key that changes is removed.
 */
final class ValueCache {

  private static final int ENTRY_OVERHEAD_BYTES = 120;

  private final long maxBytes;
  private final LinkedHashMap<Bytes, Bytes> values = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  ValueCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Nullable Bytes get(Bytes key) {
    return values.get(key);
  }

  void put(Bytes key, Bytes value) {
    Bytes before = values.put(key, value);
    bytes += value.size();
    bytes += before == null ? ENTRY_OVERHEAD_BYTES + key.size() : -before.size();
    Iterator<Map.Entry<Bytes, Bytes>> eldest = values.entrySet().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      Map.Entry<Bytes, Bytes> entry = eldest.next();
      bytes -= sizeOf(entry.getKey(), entry.getValue());
      eldest.remove();
    }
  }

  void remove(Bytes key) {
    Bytes before = values.remove(key);
    if (before != null) {
      bytes -= sizeOf(key, before);
    }
  }

  void clear() {
    values.clear();
    bytes = 0;
  }

  long bytes() {
    return bytes;
  }

  private static long sizeOf(Bytes key, Bytes value) {
    return (long) ENTRY_OVERHEAD_BYTES + key.size() + value.size();
  }
}
