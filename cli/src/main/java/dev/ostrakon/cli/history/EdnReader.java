package dev.ostrakon.cli.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of EDN that histories are made of: one form from one line. Whole numbers become
 * {@code Long}, others {@code Double}, strings {@code String}, vectors, lists and sets {@code
 * List}, maps {@code Map}, keywords and symbols {@link Word}, nil null. A tag such as {@code
 * #jepsen.history.Op} before a form is passed over; all else is refused.
 */
final class EdnReader {
  /** A keyword, with its colon, or a symbol. */
  record Word(String name) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final int DEPTH_MAX = 32;

  private final String text;
  private final int line;
  private int at;
  private int depth;

  private EdnReader(int line, String text) {
    this.line = line;
    this.text = text;
  }

  /** The one form of the line; null for nil. */
  static @Nullable Object read(int line, String text) throws MalformedHistoryException {
    EdnReader reader = new EdnReader(line, text);
    Object form = reader.form();
    reader.skipBlank();
    if (reader.at < text.length()) {
      throw reader.malformed("expected nothing after the form");
    }
    return form;
  }

  /** Whether the line holds no form: blank, or a comment. */
  static boolean isBlank(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() || stripped.startsWith(";");
  }

  private void skipBlank() {
    while (at < text.length()) {
      char here = text.charAt(at);
      if (here == ';') {
        at = text.length();
      } else if (Character.isWhitespace(here) || here == ',') {
        at++;
      } else {
        return;
      }
    }
  }

  private @Nullable Object form() throws MalformedHistoryException {
    skipBlank();
    if (at == text.length()) {
      throw malformed("the form has no end");
    }
    char here = text.charAt(at);
    return switch (here) {
      case '{' -> map();
      case '[' -> list(']');
      case '(' -> list(')');
      case '"' -> string();
      case '#' -> tagged();
      default -> atom();
    };
  }

  private @Nullable Object tagged() throws MalformedHistoryException {
    at++;
    if (at < text.length() && text.charAt(at) == '{') {
      return list('}');
    }
    while (at < text.length() && isPartOfAtom(text.charAt(at))) {
      at++;
    }
    enter();
    at--;
    Object form = form();
    depth--;
    return form;
  }

  private List<@Nullable Object> list(char end) throws MalformedHistoryException {
    enter();
    List<@Nullable Object> elements = new ArrayList<>();
    while (!isAt(end)) {
      elements.add(form());
    }
    leave();
    return elements;
  }

  private Map<Object, @Nullable Object> map() throws MalformedHistoryException {
    enter();
    Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
    while (!isAt('}')) {
      Object key = form();
      if (key == null || isAt('}')) {
        throw malformed("a map has keys other than nil and a value for each");
      }
      if (entries.containsKey(key)) {
        throw malformed("the map has " + key + " twice");
      }
      entries.put(key, form());
    }
    leave();
    return entries;
  }

  private void enter() throws MalformedHistoryException {
    at++;
    if (++depth > DEPTH_MAX) {
      throw malformed("forms are nested more than " + DEPTH_MAX + " deep");
    }
  }

  private void leave() {
    at++;
    depth--;
  }

  private boolean isAt(char wanted) {
    skipBlank();
    return at < text.length() && text.charAt(at) == wanted;
  }

  private String string() throws MalformedHistoryException {
    StringBuilder read = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char here = text.charAt(at);
      if (here == '"') {
        at++;
        return read.toString();
      }
      if (here == '\\') {
        at++;
        here = at < text.length() ? escaped(text.charAt(at)) : '"';
      }
      read.append(here);
    }
    throw malformed("the string has no end");
  }

  private char escaped(char letter) throws MalformedHistoryException {
    return switch (letter) {
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"' -> letter;
      default -> throw malformed("unknown escape \\" + letter);
    };
  }

  private @Nullable Object atom() throws MalformedHistoryException {
    int start = at;
    while (at < text.length() && isPartOfAtom(text.charAt(at))) {
      at++;
    }
    String atom = text.substring(start, at);
    if (atom.isEmpty()) {
      throw malformed("unexpected '" + text.charAt(at) + "'");
    }
    if (atom.equals("nil")) {
      return null;
    }
    char first = atom.charAt(0);
    boolean signed = (first == '-' || first == '+') && atom.length() > 1;
    if (Character.isDigit(first) || (signed && Character.isDigit(atom.charAt(1)))) {
      return number(atom);
    }
    return new Word(atom);
  }

  private Object number(String atom) throws MalformedHistoryException {
    try {
      return atom.matches("[-+]?\\d+N?") ? whole(atom) : Double.valueOf(atom);
    } catch (NumberFormatException e) {
      throw malformed("not a number, or a whole one of more than 64 bits: " + atom);
    }
  }

  private static Object whole(String atom) {
    return Long.valueOf(atom.endsWith("N") ? atom.substring(0, atom.length() - 1) : atom);
  }

  private static boolean isPartOfAtom(char here) {
    return !Character.isWhitespace(here) && ",;()[]{}\"#^`~@\\".indexOf(here) < 0;
  }

  private MalformedHistoryException malformed(String problem) {
    return new MalformedHistoryException(line, problem + " (column " + (at + 1) + ")");
  }
}
