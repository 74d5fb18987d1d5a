package dev.ostrakon.hlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class HybridTimestampTest {
  private static final HybridTimestamp YEAR_2023 = new HybridTimestamp(1_700_000_000_000L, 3);

  @Example
  void the_wall_part_takes_the_upper_48_bits_and_the_logical_part_the_lower_16() {
    assertThat(YEAR_2023.packed()).isEqualTo(1_700_000_000_000L * 65_536 + 3);
    assertThat(HybridTimestamp.MAX.packed()).isEqualTo(-1L);
    assertThat(HybridTimestamp.ZERO.packed()).isZero();
  }

  @Property
  void every_64_bit_value_is_a_timestamp_and_comes_back(@ForAll long packed) {
    assertThat(HybridTimestamp.fromPacked(packed).packed()).isEqualTo(packed);
  }

  @Property
  void every_timestamp_survives_packing(@ForAll("timestamps") HybridTimestamp timestamp) {
    assertThat(HybridTimestamp.fromPacked(timestamp.packed())).isEqualTo(timestamp);
  }

  @Property
  void packed_order_is_the_order_of_time(
      @ForAll("timestamps") HybridTimestamp a, @ForAll("timestamps") HybridTimestamp b) {
    int byParts =
        a.wallMillis() != b.wallMillis()
            ? Long.compare(a.wallMillis(), b.wallMillis())
            : Integer.compare(a.logical(), b.logical());

    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(byParts);
    assertThat(Integer.signum(Long.compareUnsigned(a.packed(), b.packed()))).isEqualTo(byParts);
    assertThat(Integer.signum(Arrays.compareUnsigned(bigEndian(a), bigEndian(b))))
        .isEqualTo(byParts);
    assertThat(a.isAfter(b)).isEqualTo(byParts > 0);
    assertThat(a.isBefore(b)).isEqualTo(byParts < 0);
    assertThat(a.equals(b)).isEqualTo(byParts == 0);
    assertThat(HybridTimestamp.max(a, b)).isEqualTo(byParts >= 0 ? a : b);
  }

  @Example
  void order_holds_where_the_packed_form_turns_negative() {
    HybridTimestamp below = new HybridTimestamp((1L << 47) - 1, HybridTimestamp.LOGICAL_MAX);
    HybridTimestamp above = new HybridTimestamp(1L << 47, 0);

    assertThat(below.packed()).isPositive();
    assertThat(above.packed()).isNegative();
    assertThat(above).isGreaterThan(below);
    assertThat(below.next()).isEqualTo(above);
  }

  @Property
  void next_is_the_least_timestamp_above(@ForAll("timestamps") HybridTimestamp timestamp) {
    if (timestamp.equals(HybridTimestamp.MAX)) {
      return;
    }
    HybridTimestamp next = timestamp.next();

    assertThat(next).isGreaterThan(timestamp);
    assertThat(next.packed() - timestamp.packed()).isOne();
  }

  @Example
  void a_full_logical_part_carries_into_the_wall_part() {
    assertThat(new HybridTimestamp(41, HybridTimestamp.LOGICAL_MAX).next())
        .isEqualTo(new HybridTimestamp(42, 0));
    assertThat(new HybridTimestamp(41, 6).next()).isEqualTo(new HybridTimestamp(41, 7));
  }

  @Example
  void nothing_follows_the_end_of_time() {
    assertThatThrownBy(HybridTimestamp.MAX::next)
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("exhausted");
  }

  @Example
  void parts_out_of_bounds_are_refused() {
    assertThatThrownBy(() -> new HybridTimestamp(-1, 0)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> new HybridTimestamp(1L << 48, 0)).hasMessageContaining("wallMillis");
    assertThatThrownBy(() -> new HybridTimestamp(0, -1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> new HybridTimestamp(0, 1 << 16)).hasMessageContaining("logical");
  }

  @Example
  void it_reads_as_its_two_parts() {
    assertThat(YEAR_2023).hasToString("1700000000000.3");
  }

  @Provide
  Arbitrary<HybridTimestamp> timestamps() {
    Arbitrary<Long> walls =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, HybridTimestamp.WALL_MILLIS_MAX),
            Arbitraries.of(0L, 1L, (1L << 47) - 1, 1L << 47, HybridTimestamp.WALL_MILLIS_MAX));
    Arbitrary<Integer> logicals =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, HybridTimestamp.LOGICAL_MAX),
            Arbitraries.of(0, 1, HybridTimestamp.LOGICAL_MAX));
    return Combinators.combine(walls, logicals).as(HybridTimestamp::new);
  }

  private static byte[] bigEndian(HybridTimestamp timestamp) {
    return ByteBuffer.allocate(Long.BYTES).putLong(timestamp.packed()).array();
  }
}
