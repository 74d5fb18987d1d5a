package dev.ostrakon.cli;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the terminal. Java cannot ask for it; the launcher does, and passes it on.
 *
 * @param isError whether standard error is a terminal
 * @param isOutput whether standard output is a terminal
 * @param columns its width, at least {@value #COLUMNS_MIN}
 * @param isPlain whether it understands no control sequences
 */
record Terminal(boolean isError, boolean isOutput, int columns, boolean isPlain) {
  private static final int COLUMNS_MIN = 20;
  private static final int COLUMNS_DEFAULT = 80;
  private static final int COLUMNS_MAX = 1_000;

  Terminal {
    columns = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, columns));
  }

  /** The terminal of this process, as the launcher describes it. */
  static Terminal ofProcess() {
    String kind = System.getenv("TERM");
    return new Terminal(
        Boolean.getBoolean("ostrakon.terminal"),
        Boolean.getBoolean("ostrakon.terminal.out"),
        columnsOf(System.getProperty("ostrakon.columns")),
        kind == null || kind.isEmpty() || kind.equals("dumb"));
  }

  private static int columnsOf(@Nullable String text) {
    return text != null && text.matches("\\d{1,4}") && !text.matches("0+")
        ? Integer.parseInt(text)
        : COLUMNS_DEFAULT;
  }
}
