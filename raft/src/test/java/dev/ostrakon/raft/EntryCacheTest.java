package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The ring of recent entries against a map. */
class EntryCacheTest {

  private static LogEntry entry(long index, int payloadBytes) {
    return new LogEntry(index, 1, EntryKind.COMMAND, Bytes.wrap(new byte[payloadBytes]));
  }

  @Property
  void behaves_like_a_map(@ForAll long seed) {
    RandomSource random = new RandomSource(seed);
    long first = 1L + random.nextInt(100);
    EntryCache cache = new EntryCache(first);
    TreeMap<Long, LogEntry> model = new TreeMap<>();
    long next = first;
    for (int step = 0; step < 300; step++) {
      int action = random.nextInt(10);
      if (action == 0 && !model.isEmpty()) {
        next = random.nextLong(model.firstKey(), next + 1);
        cache.truncateFrom(next);
        model.tailMap(next, true).clear();
      } else if (action <= 2 && !model.isEmpty()) {
        cache.evictFirst();
        model.pollFirstEntry();
      } else {
        LogEntry entry = entry(next, random.nextInt(50));
        cache.append(entry);
        model.put(next, entry);
        next++;
      }
      requireSame(cache, model, random, next);
    }
  }

  private static void requireSame(
      EntryCache cache, NavigableMap<Long, LogEntry> model, RandomSource random, long next) {
    assertThat(cache.endIndex()).isEqualTo(next);
    assertThat(cache.bytes())
        .isEqualTo(model.values().stream().mapToLong(LogEntry::sizeBytes).sum());
    if (model.isEmpty()) {
      assertThat(cache.contains(next - 1)).isFalse();
      return;
    }
    long from = random.nextLong(model.firstKey(), next);
    int maxBytes = 1 + random.nextInt(400);
    List<LogEntry> slice = cache.slice(from, next, maxBytes);
    assertThat(slice)
        .isEqualTo(List.copyOf(model.tailMap(from, true).values()).subList(0, slice.size()));
    long size = slice.stream().mapToLong(LogEntry::sizeBytes).sum();
    assertThat(size <= maxBytes || slice.size() == 1).isTrue();
    LogEntry following = model.get(from + slice.size());
    assertThat(following == null || size + following.sizeBytes() > maxBytes)
        .as("a slice is as long as it may be")
        .isTrue();
  }

  @Test
  void equal_slices_are_shared() {
    EntryCache cache = new EntryCache(1);
    cache.append(entry(1, 1));
    cache.append(entry(2, 1));
    assertThat(cache.slice(1, 3, 1000)).isSameAs(cache.slice(1, 3, 2000));
  }

  @Test
  void slice_after_a_truncation_is_fresh() {
    EntryCache cache = new EntryCache(1);
    cache.append(entry(1, 1));
    cache.append(entry(2, 1));
    assertThat(cache.slice(1, 3, 1000)).hasSize(2);
    cache.truncateFrom(2);
    LogEntry other = new LogEntry(2, 2, EntryKind.COMMAND, Bytes.EMPTY);
    cache.append(other);
    assertThat(cache.slice(1, 3, 1000)).last().isEqualTo(other);
  }

  @Test
  void entries_must_be_consecutive() {
    EntryCache cache = new EntryCache(5);
    assertThatThrownBy(() -> cache.append(entry(6, 0))).isInstanceOf(InvariantViolation.class);
  }
}
