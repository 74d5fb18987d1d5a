package dev.ostrakon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {
  private static final Slots SLOTS = new Slots(Slots.COUNT_DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "{user1}.name, {user1}.mail",
    "{user1}.name, user1",
    "a{user1}b{other}, user1",
    "{a{b}, a{b",
  })
  void keys_with_the_same_tag_share_a_slot(String one, String other) {
    assertThat(SLOTS.of(Key.utf8(one))).isEqualTo(SLOTS.of(Key.utf8(other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}user1", "{user1", "user1}", "}user1{", "x{}y{user1}"})
  void braces_without_a_tag_are_part_of_the_key(String text) {
    Slots many = new Slots(Slots.COUNT_MAX);

    assertThat(many.of(Key.utf8(text))).isNotEqualTo(many.of(Key.utf8("user1")));
  }

  /** The mapping is part of the data format: if this fails, stored data would be lost. */
  @ParameterizedTest
  @CsvSource({"a, 32", "greeting, 202", "acct:1, 213"})
  void mapping_never_changes(String key, int slot) {
    assertThat(SLOTS.of(Key.utf8(key))).isEqualTo(new Slot(slot));
  }

  @Test
  void similar_keys_spread_evenly() {
    int[] counts = new int[SLOTS.count()];
    int perSlot = 400;
    for (int i = 0; i < perSlot * SLOTS.count(); i++) {
      counts[SLOTS.of(Key.utf8("acct:" + i)).number()]++;
    }

    for (int count : counts) {
      // Five standard deviations of a binomial distribution.
      assertThat(count).isBetween(perSlot - 100, perSlot + 100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 3, 255, 1 << 17})
  void number_of_slots_is_a_power_of_two_within_bounds(int count) {
    assertThatThrownBy(() -> new Slots(count))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("power of two")
        .hasMessageEndingWith("was " + count);
  }
}
