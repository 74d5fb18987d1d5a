package dev.ostrakon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
  @Property
  void every_number_survives_its_text(@ForAll long number) {
    assertThat(Value.number(number).asNumber()).hasValue(number);
  }

  @Property
  void text_is_a_number_exactly_if_it_is_plain_decimal(
      @ForAll @StringLength(max = 22) String text) {
    assertThat(Value.utf8(text).asNumber()).isEqualTo(naive(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775807",
        "-9223372036854775808",
        "0",
        "-0",
        "007",
        "-1",
        "00000000000000000001"
      })
  void numbers_at_the_edges_are_numbers(String text) {
    assertThat(Value.utf8(text).asNumber()).hasValue(Long.parseLong(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "000000000000000000001",
        "١"
      })
  void everything_else_is_none(String text) {
    assertThat(Value.utf8(text).asNumber()).isEmpty();
  }

  @Test
  void text_never_shows_up_in_logs() {
    assertThat(Value.utf8("secret")).hasToString("value of 6 bytes");
    assertThat(Key.utf8("secret")).hasToString("key of 6 bytes");
  }

  private static OptionalLong naive(String text) {
    if (!text.matches("-?[0-9]{1,20}") || text.length() > 20) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
