package dev.ostrakon.cli.language;

/** A text is not in the language; says where, what was expected, and what stood there. */
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final int column;

  SyntaxException(String text, int position, String problem) {
    super("'" + text + "', column " + (position + 1) + ": " + problem);
    this.text = text;
    this.column = position + 1;
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /** Where in it, in characters from 1; one past the end if something is missing there. */
  public int column() {
    return column;
  }
}
