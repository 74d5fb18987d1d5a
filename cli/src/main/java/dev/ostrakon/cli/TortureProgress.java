package dev.ostrakon.cli;

import java.io.PrintWriter;

/** Shows how a torture goes: every line on a terminal, seldom elsewhere. */
final class TortureProgress {

  /** Set by the launcher, which can tell whether standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "ostrakon.terminal";

  private static final int PLAIN_GAP = 10; // lines, one a second

  private final PrintWriter err;
  private final boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
  private int lines;

  TortureProgress(PrintWriter err) {
    this.err = err;
  }

  void accept(String line) {
    if (terminal || lines++ % PLAIN_GAP == 0) {
      err.println("torture: " + line);
    }
  }
}
