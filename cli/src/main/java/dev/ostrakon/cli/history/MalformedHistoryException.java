package dev.ostrakon.cli.history;

/** A file is no history: it says where and why. */
public final class MalformedHistoryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line counted from 1
   * @param problem what is wrong there, without a full stop
   */
  public MalformedHistoryException(int line, String problem) {
    super("line " + line + ": " + problem);
    this.line = line;
  }

  /** Where, counted from 1. */
  public int line() {
    return line;
  }
}
