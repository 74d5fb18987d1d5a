package dev.ostrakon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a command end in good order when a signal (Ctrl-C, SIGTERM) asks for it: the command is
 * told, has {@value #GRACE_SECONDS} s to print what is known and to clean up, and ends with {@link
 * Main#INTERRUPTED}. If it takes longer, its last words are printed for it. Any thread.
 *
 * <p>A command that never asks for any of this ends at once, as any process does.
 */
final class Interruption {
  /** How long a command may take to end, so that everything is over within 10 s. */
  private static final int GRACE_SECONDS = 9;

  private final PrintWriter out;
  private final PrintWriter err;
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();
  private final Thread hook = new Thread(this::onSignal, "interruption");
  private boolean isArmed;
  private Supplier<List<String>> lastWords = List::of;
  private volatile int exitCode = Main.INTERRUPTED;

  Interruption(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Whether a signal has asked the command to end. */
  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Does something when a signal asks the command to end; at once if one has already. */
  void onRequest(Runnable action) {
    boolean isLate;
    synchronized (this) {
      arm();
      isLate = isRequested();
      if (!isLate) {
        actions.add(action);
      }
    }
    if (isLate) {
      action.run();
    }
  }

  /** What is printed on standard error if the command does not end in time. */
  synchronized void setLastWords(Supplier<List<String>> lines) {
    arm();
    lastWords = lines;
  }

  private void arm() {
    if (!isArmed) {
      isArmed = true;
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  /** The command has ended. */
  void end(int code) {
    out.flush();
    err.flush();
    exitCode = code;
    ended.countDown();
    synchronized (this) {
      if (isArmed && !isRequested()) {
        disarm();
      }
    }
  }

  private void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      isArmed = true; // A signal came at this moment: the hook sees that the command has ended.
    }
  }

  private void onSignal() {
    if (ended.getCount() == 0) {
      return; // The JVM ends because the command has.
    }
    List<Runnable> todo;
    synchronized (this) {
      requested.countDown();
      todo = List.copyOf(actions);
    }
    todo.forEach(Runnable::run);
    boolean inTime = false;
    try {
      inTime = ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!inTime) {
      Supplier<List<String>> words;
      synchronized (this) {
        words = lastWords;
      }
      words.get().forEach(err::println);
      err.flush();
    }
    int code = inTime ? exitCode : Main.INTERRUPTED;
    Runtime.getRuntime().halt(code == Main.OK ? Main.INTERRUPTED : code);
  }
}
