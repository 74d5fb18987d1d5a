package dev.ostrakon.group;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The group's own rows, which may be longer than what a state store takes: a row is cut into parts,
 * the first under the row's key, each further one under the key and two bytes that count from 1. No
 * key of a row begins another.
 */
final class LongRows {
  static final int PART_BYTES = 1 << 20; // 1 MiB

  private static final int NUMBER_BYTES = 2;

  /** How many parts follow the first, for the few rows that have any. */
  private final Map<Bytes, Integer> further = new HashMap<>();

  /** While rows are read back: the row whose parts are gathered. */
  private @Nullable Bytes gatheredKey;

  private final List<Bytes> gathered = new ArrayList<>();

  void put(StateStore store, Bytes key, Bytes value) {
    int parts = Math.max(1, (value.size() + PART_BYTES - 1) / PART_BYTES);
    int before = further.getOrDefault(key, 0);
    if (parts == 1) {
      store.put(key, value);
      further.remove(key);
    } else {
      for (int part = 0; part < parts; part++) {
        int from = part * PART_BYTES;
        int to = Math.min(value.size(), from + PART_BYTES);
        store.put(
            partKey(key, part), Bytes.wrap(Arrays.copyOfRange(value.sharedArray(), from, to)));
      }
      further.put(key, parts - 1);
    }
    for (int part = parts; part <= before; part++) {
      store.delete(partKey(key, part));
    }
  }

  void delete(StateStore store, Bytes key) {
    Integer parts = further.remove(key);
    for (int part = 0; part <= (parts == null ? 0 : parts); part++) {
      store.delete(partKey(key, part));
    }
  }

  /** Takes the next row of the store, ascending; gives whole ones on as soon as they are known. */
  void read(Row row, Consumer<Row> whole) {
    Bytes key = gatheredKey;
    if (key != null && isPartOf(row.key(), key)) {
      gathered.add(row.value());
      further.merge(key, 1, Integer::sum);
    } else {
      endReading(whole);
      gatheredKey = row.key();
      gathered.add(row.value());
    }
  }

  /** There are no more rows. */
  void endReading(Consumer<Row> whole) {
    Bytes key = gatheredKey;
    if (key != null) {
      Bytes value = gathered.size() == 1 ? gathered.get(0) : join(gathered);
      gatheredKey = null;
      gathered.clear();
      whole.accept(new Row(key, value));
    }
  }

  private static Bytes partKey(Bytes key, int part) {
    return part == 0
        ? key
        : key.append(Bytes.wrap(new byte[] {(byte) (part >>> Byte.SIZE), (byte) part}));
  }

  private static boolean isPartOf(Bytes key, Bytes head) {
    return key.size() == head.size() + NUMBER_BYTES
        && Arrays.equals(key.sharedArray(), 0, head.size(), head.sharedArray(), 0, head.size());
  }

  private static Bytes join(List<Bytes> parts) {
    int size = 0;
    for (Bytes part : parts) {
      size += part.size();
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.sharedArray(), 0, whole, at, part.size());
      at += part.size();
    }
    return Bytes.wrap(whole);
  }
}
