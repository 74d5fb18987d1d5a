package dev.ostrakon.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemorySettingsTest {
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({"256, 1", "256, 3", "512, 1", "512, 3", "512, 16", "512, 64", "1024, 3", "8192, 200"})
  void what_the_defaults_allow_together_leaves_a_tenth_of_the_heap(long heapMib, int groups) {
    MemorySettings settings = MemorySettings.forHeap(heapMib * MIB, groups);

    assertThat(settings.violations()).isEmpty();
    assertThat(settings.heapBytesMost(groups)).isLessThan(heapMib * MIB * 9 / 10);
  }

  @ParameterizedTest
  @CsvSource({"16, 1", "16, 4096", "512, 4096", "1000000, 1", "1000000, 4096"})
  void the_defaults_can_be_used_with_any_heap(long heapMib, int groups) {
    MemorySettings settings = MemorySettings.forHeap(heapMib * MIB, groups);

    assertThat(settings.violations()).isEmpty();
    assertThat(settings.overlayBytesMax()).isBetween(MIB / 2, 128 * MIB);
    assertThat(settings.checkpointBytes()).isLessThanOrEqualTo(32 * MIB);
  }
}
