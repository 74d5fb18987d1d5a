package dev.ostrakon.cli;

import dev.ostrakon.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Bytes as text that does nothing to a terminal and stays within one line and one column: control
 * and formatting characters, backslashes and what is not UTF-8 are escaped.
 */
final class Printable {
  private Printable() {}

  /** For a column of a table: {@code \t}, {@code \n} and the like are escaped too. */
  static String ofCell(ByteString bytes) {
    return escape(bytes, false);
  }

  /** For a value that stands alone: lines and tabs stay what they are, and so do backslashes. */
  static String ofText(ByteString bytes) {
    return escape(bytes, true);
  }

  private static String escape(ByteString bytes, boolean isAlone) {
    StringBuilder text = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      out.flip().codePoints().forEach(point -> append(text, point, isAlone));
      out.clear();
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append(String.format(Locale.ROOT, "\\x%02x", in.get() & 0xFF));
      }
      decoder.reset();
    }
  }

  private static void append(StringBuilder text, int point, boolean isAlone) {
    switch (point) {
      case '\\' -> text.append(isAlone ? "\\" : "\\\\");
      case '\n' -> text.append(isAlone ? "\n" : "\\n");
      case '\t' -> text.append(isAlone ? "\t" : "\\t");
      case '\r' -> text.append("\\r");
      default -> {
        if (isHarmless(point)) {
          text.appendCodePoint(point);
        } else {
          text.append(String.format(Locale.ROOT, point > 0xFFFF ? "\\U%08x" : "\\u%04x", point));
        }
      }
    }
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
