package dev.ostrakon.node;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Ends the process where a thread cannot go on: a process with a thread less, or without memory,
 * would keep its leaderships and serve nobody.
 *
 * <p>Ends it at once and not in good order: what was acknowledged is on the disk, other nodes elect
 * leaders, and stopping in good order needs what is broken. Any thread.
 */
public final class ProcessEnd implements Thread.UncaughtExceptionHandler {

  /** Exit code of a process whose thread failed. */
  public static final int FAILED = 1;

  /** Exit code of a process that is out of memory; the JVM's own for the same. */
  public static final int OUT_OF_MEMORY = 3;

  /** Made beforehand: there may be no memory left to make it from. */
  private static final byte[] OUT_OF_MEMORY_MESSAGE =
      ("ostrakon: out of memory, the process ends with "
              + OUT_OF_MEMORY
              + ". Nothing that was acknowledged is lost. Restart it on the same folder; give it a"
              + " larger heap, or smaller bounds, if this happens again.\n")
          .getBytes(StandardCharsets.UTF_8);

  private final IntConsumer halt;
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

  /**
   * @param halt ends the process with an exit code
   */
  ProcessEnd(IntConsumer halt) {
    this.halt = halt;
  }

  /** From now on an exception that no thread of this process catches ends it, with the reason. */
  public static void onUncaughtExceptions() {
    Thread.setDefaultUncaughtExceptionHandler(new ProcessEnd(Runtime.getRuntime()::halt));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    boolean isOutOfMemory = isOutOfMemory(failure);
    try {
      if (isOutOfMemory) {
        err.write(OUT_OF_MEMORY_MESSAGE);
      }
      write(thread, failure);
    } catch (IOException | RuntimeException | Error e) {
      // Nobody can be told; all the more reason to end.
    } finally {
      halt.accept(isOutOfMemory ? OUT_OF_MEMORY : FAILED);
    }
  }

  private void write(Thread thread, Throwable failure) throws IOException {
    StringBuilder text = new StringBuilder("ostrakon: the process ends because thread ");
    text.append(thread.getName()).append(" failed: ").append(failure).append('\n');
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append("  ").append(cause).append('\n');
      for (StackTraceElement frame : cause.getStackTrace()) {
        text.append("    at ").append(frame).append('\n');
      }
    }
    err.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether memory is exhausted, here or where this was caused. */
  static boolean isOutOfMemory(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells the handler of uncaught exceptions of this thread, which in a server process ends it,
   * that memory is exhausted; does nothing about any other failure.
   */
  static void ifOutOfMemory(Throwable failure) {
    if (isOutOfMemory(failure)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
  }
}
