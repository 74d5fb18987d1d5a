package dev.ostrakon.cli;

import java.io.PrintWriter;

/** A line that shows how far something is: often and in place on a terminal, seldom elsewhere. */
final class LiveLine {
  /** Set by the launcher, which can tell whether standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "ostrakon.terminal";

  private static final long TERMINAL_GAP_NANOS = 500_000_000; // 0.5 s
  private static final long PLAIN_GAP_NANOS = 5_000_000_000L; // 5 s

  private final PrintWriter err;
  private final boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
  private final long gapNanos = terminal ? TERMINAL_GAP_NANOS : PLAIN_GAP_NANOS;
  private long lastNanos = System.nanoTime();
  private int width;

  LiveLine(PrintWriter err) {
    this.err = err;
  }

  /** Shows this text, if it is time for one. */
  void show(String text) {
    long now = System.nanoTime();
    if (now - lastNanos < gapNanos) {
      return;
    }
    lastNanos = now;
    if (!terminal) {
      err.println(text);
      return;
    }
    err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = text.length();
  }

  /** Says something for good, on a line of its own. */
  void say(String text) {
    end();
    err.println(text);
  }

  /** Takes the line away. */
  void end() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
      width = 0;
    }
  }
}
