package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.ByteString;
import org.junit.jupiter.api.Test;

/** Bytes as text that a terminal does nothing with. */
final class PrintableTest {
  @Test
  void text_stays_as_it_is() {
    assertThat(Printable.ofCell(ByteString.utf8("grüße, 世界 \uD83D\uDE00")))
        .isEqualTo("grüße, 世界 \uD83D\uDE00");
  }

  @Test
  void control_and_formatting_characters_are_escaped() {
    assertThat(Printable.ofCell(ByteString.utf8("\u001b[2J\t\n\r\u0000\u007f\u009b\u202e\u2028")))
        .isEqualTo("\\u001b[2J\\t\\n\\r\\u0000\\u007f\\u009b\\u202e\\u2028");
    assertThat(Printable.ofCell(ByteString.utf8("\uDB40\uDC41"))).isEqualTo("\\U000e0041");
  }

  @Test
  void backslashes_are_doubled_so_that_an_escape_can_be_told_from_text() {
    assertThat(Printable.ofCell(ByteString.utf8("\\n"))).isEqualTo("\\\\n");
  }

  @Test
  void bytes_that_are_no_text_are_shown_as_bytes() {
    byte[] bytes = {'a', (byte) 0xFF, (byte) 0xC3, 'b', (byte) 0xE4, (byte) 0xB8};
    assertThat(Printable.ofCell(ByteString.copyOf(bytes))).isEqualTo("a\\xff\\xc3b\\xe4\\xb8");
  }

  @Test
  void a_value_alone_keeps_its_lines() {
    assertThat(Printable.ofText(ByteString.utf8("a\tb\n\\c\u001b"))).isEqualTo("a\tb\n\\c\\u001b");
  }
}
