package dev.ostrakon.client;

import dev.ostrakon.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes as text, where nothing is replaced. */
final class Text {
  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /**
   * The bytes as UTF-8.
   *
   * @param what for people: whose bytes they are
   * @throws NotTextException if they are not UTF-8
   */
  static String of(ByteString bytes, String what) {
    String text = bytes.toUtf8();
    if (text.indexOf(REPLACEMENT) >= 0) {
      requireUtf8(bytes, what);
    }
    return text;
  }

  private static void requireUtf8(ByteString bytes, String what) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes.sharedArray());
    CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.size() + 1), true);
    if (result.isError()) {
      throw new NotTextException(
          what
              + " of "
              + bytes.size()
              + " bytes is not UTF-8 from byte "
              + in.position()
              + " on: read it as byte[]");
    }
  }
}
