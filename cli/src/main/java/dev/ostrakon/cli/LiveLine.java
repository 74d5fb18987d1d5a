package dev.ostrakon.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * A line that shows how far something is: often and in place on a terminal, seldom elsewhere.
 * Nothing is shown of what ends within a second. Any thread.
 */
final class LiveLine {
  private static final long TERMINAL_FIRST_NANOS = 1_000_000_000L; // 1 s
  private static final long TERMINAL_GAP_NANOS = 500_000_000L; // 0.5 s
  private static final long PLAIN_FIRST_NANOS = 1_900_000_000L; // 1.9 s
  private static final long PLAIN_GAP_NANOS = 5_000_000_000L; // 5 s
  private static final long TICK_MILLIS = 200;

  /** Room for the cursor and for the ^C that a terminal writes. */
  private static final int MARGIN = 3;

  private static final String CUT = "...";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String ERASE = "\u001b[K";

  private final PrintWriter err;
  private final Terminal terminal;
  private long nextNanos;
  private int width;

  LiveLine(PrintWriter err) {
    this(err, Terminal.ofProcess());
  }

  /** For a command whose errors are JSON if it was asked for that: no line of text then. */
  static LiveLine of(CommandLine command) {
    boolean json = command.getParseResult().hasMatchedOption("--json");
    boolean isRead = json && !Terminal.ofProcess().isError();
    return new LiveLine(isRead ? new PrintWriter(Writer.nullWriter()) : command.getErr());
  }

  LiveLine(PrintWriter err, Terminal terminal) {
    this.err = err;
    this.terminal = terminal;
    nextNanos = System.nanoTime() + (terminal.isError() ? TERMINAL_FIRST_NANOS : PLAIN_FIRST_NANOS);
  }

  /** Shows this text, if it is time for one and it is not empty. */
  synchronized void show(String text) {
    long now = System.nanoTime();
    if (now - nextNanos < 0 || text.isEmpty()) {
      return;
    }
    nextNanos = now + (terminal.isError() ? TERMINAL_GAP_NANOS : PLAIN_GAP_NANOS);
    if (terminal.isError()) {
      draw(text);
    } else {
      err.println(text);
    }
  }

  /** Fits what was the width at the start; a terminal that became narrower cuts the line itself. */
  private void draw(String text) {
    String line = text.length() <= terminal.columns() - MARGIN ? text : cut(text);
    err.print(
        terminal.isPlain()
            ? "\r" + line + " ".repeat(Math.max(0, width - line.length()))
            : "\r" + NO_WRAP + line + ERASE + WRAP);
    err.flush();
    width = line.length();
  }

  private String cut(String text) {
    return text.substring(0, terminal.columns() - MARGIN - CUT.length()) + CUT;
  }

  /** Says something for good, on a line of its own. */
  synchronized void say(String text) {
    end();
    err.println(text);
  }

  /** Takes the line away. */
  synchronized void end() {
    if (width > 0) {
      err.print(terminal.isPlain() ? "\r" + " ".repeat(width) + "\r" : "\r" + ERASE);
      err.flush();
      width = 0;
    }
  }

  /** Shows a text, asked for again and again, until the ticker is closed. */
  Ticker tick(Supplier<String> text) {
    return new Ticker(this, text);
  }

  /** Something that takes time. */
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** Does something, and shows meanwhile what is done and for how long. */
  <T, E extends Exception> T during(String what, Work<T, E> work) throws E {
    long start = System.nanoTime();
    Ticker ticker =
        tick(
            () ->
                String.format(Locale.ROOT, "%s, %.0f s", what, (System.nanoTime() - start) / 1e9));
    try {
      return work.run();
    } finally {
      ticker.close();
    }
  }

  /** A thread that shows how far something is while another one does it. */
  static final class Ticker implements AutoCloseable {
    private final LiveLine line;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Ticker(LiveLine line, Supplier<String> text) {
      this.line = line;
      Thread thread = new Thread(() -> run(text), "progress");
      thread.setDaemon(true);
      thread.start();
    }

    private void run(Supplier<String> text) {
      try {
        while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
          synchronized (line) {
            if (ended.getCount() > 0) {
              line.show(text.get());
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      synchronized (line) {
        ended.countDown();
        line.end();
      }
    }
  }
}
