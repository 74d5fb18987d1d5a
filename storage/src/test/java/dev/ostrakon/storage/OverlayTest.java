package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {

  private static final Bytes KEY = Bytes.utf8("key");

  @Test
  void a_key_that_changes_again_counts_with_its_last_value_only() {
    Overlay once = new Overlay();
    once.put(KEY, Bytes.utf8("last"));
    Overlay often = new Overlay();
    often.put(KEY, Bytes.utf8("a first and longer value"));
    often.put(KEY, Overlay.ABSENT);
    often.put(KEY, Bytes.utf8("last"));

    assertThat(often.bytes()).isEqualTo(once.bytes());
    assertThat(often.get(KEY)).isEqualTo(Bytes.utf8("last"));
  }

  /** The two views, by key and in order, against a sorted map. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void single_keys_and_ranges_show_the_same_changes(long seed) {
    Random random = new Random(seed);
    Overlay overlay = new Overlay();
    TreeMap<Bytes, Bytes> expected = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      Bytes key = key(random);
      Bytes value = random.nextInt(4) == 0 ? Overlay.ABSENT : Bytes.utf8("v" + i);
      overlay.put(key, value);
      expected.put(key, value);
    }

    Bytes from = key(random);
    List<Map.Entry<Bytes, Bytes>> tail = new ArrayList<>();
    overlay.from(from).forEachRemaining(tail::add);
    assertThat(tail).containsExactlyElementsOf(expected.tailMap(from).entrySet());

    List<Map.Entry<Bytes, Bytes>> all = new ArrayList<>();
    overlay.forEach((key, value) -> all.add(Map.entry(key, value)));
    assertThat(all).containsExactlyElementsOf(expected.entrySet());

    Map<Bytes, Bytes> byKey = new HashMap<>();
    expected.keySet().forEach(key -> byKey.put(key, overlay.get(key)));
    assertThat(byKey).isEqualTo(expected);
    assertThat(overlay.get(Bytes.utf8("never changed"))).isNull();
  }

  @Test
  void a_copy_goes_on_until_it_has_a_value_and_says_where_it_ends() {
    Overlay overlay = new Overlay();
    for (String deleted : new String[] {"a", "b", "c"}) {
      overlay.put(Bytes.utf8(deleted), Overlay.ABSENT);
    }
    overlay.put(Bytes.utf8("d"), Bytes.utf8("value"));
    overlay.put(Bytes.utf8("e"), Bytes.utf8("value"));

    Overlay.Part part = overlay.copyFrom(Bytes.utf8("b"), Bytes.EMPTY, 1);
    assertThat(part.changes().keySet())
        .containsExactly(Bytes.utf8("b"), Bytes.utf8("c"), Bytes.utf8("d"));
    assertThat(part.changes().get(Bytes.utf8("b"))).isSameAs(Overlay.ABSENT);
    assertThat(part.end()).isEqualTo(Bytes.utf8("e"));

    assertThat(overlay.copyFrom(Bytes.utf8("b"), Bytes.utf8("d"), 1).end()).isEqualTo(Bytes.EMPTY);
  }

  private static Bytes key(Random random) {
    return Bytes.utf8("k" + random.nextInt(200));
  }
}
