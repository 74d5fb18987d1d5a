package dev.ostrakon.cli.language;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into words. For one text. */
final class WordReader {
  private static final int UNICODE_DIGITS = 4;

  private final String text;
  private int position;

  private WordReader(String text) {
    this.text = text;
  }

  static List<Word> words(String text) throws SyntaxException {
    return new WordReader(text).words();
  }

  private List<Word> words() throws SyntaxException {
    List<Word> words = new ArrayList<>();
    skipSpaces();
    while (position < text.length()) {
      words.add(word());
      skipSpaces();
    }
    return words;
  }

  private void skipSpaces() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private Word word() throws SyntaxException {
    char first = text.charAt(position);
    return first == '"' || first == '\'' ? quoted(first) : bare();
  }

  private Word bare() {
    int start = position;
    while (position < text.length() && !isSpace(text.charAt(position))) {
      position++;
    }
    return new Word(text.substring(start, position), start, false);
  }

  private Word quoted(char quote) throws SyntaxException {
    int start = position++;
    StringBuilder value = new StringBuilder();
    while (true) {
      if (position == text.length()) {
        throw new SyntaxException(text, start, "the quote " + quote + " is not closed");
      }
      char c = text.charAt(position++);
      if (c == quote) {
        break;
      }
      value.append(c == '\\' && quote == '"' ? escaped() : c);
    }
    if (position < text.length() && !isSpace(text.charAt(position))) {
      throw new SyntaxException(
          text, position, "expected a space after the closing quote, was " + text.charAt(position));
    }
    return new Word(value.toString(), start, true);
  }

  private char escaped() throws SyntaxException {
    int start = position - 1;
    char c = position < text.length() ? text.charAt(position++) : ' ';
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode(start);
      default ->
          throw new SyntaxException(
              text, start, "expected one of \\\" \\\\ \\n \\r \\t \\uHHHH after a backslash");
    };
  }

  private char unicode(int start) throws SyntaxException {
    int end = position + UNICODE_DIGITS;
    int code = 0;
    for (; position < end; position++) {
      int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
      if (digit < 0) {
        throw new SyntaxException(text, start, "expected four hexadecimal digits after \\u");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }
}
