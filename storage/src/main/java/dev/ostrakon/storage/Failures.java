package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import jetbrains.exodus.ExodusException;
import jetbrains.exodus.OutOfDiskSpaceException;
import jetbrains.exodus.log.TooBigLoggableException;

/** Turns what can go wrong below into the one typed exception. */
final class Failures {

  private Failures() {}

  static StorageException corrupt(Path path, String expected, String was) {
    return new StorageException(
        Reason.CORRUPT,
        path
            + " cannot be trusted, expected "
            + expected
            + ", was "
            + was
            + StorageException.DAMAGE_ADVICE);
  }

  static StorageException newer(Path path, int version, int supported) {
    return new StorageException(
        Reason.NEWER_FORMAT,
        path
            + " has format "
            + version
            + ", expected at most "
            + supported
            + ": nothing is lost; run the version that wrote it, or a newer one");
  }

  static StorageException older(Path path, int version, int supported) {
    return new StorageException(
        Reason.OLDER_FORMAT,
        path
            + " has format "
            + version
            + ", expected "
            + supported
            + ": nothing is lost; run the version that wrote it");
  }

  static StorageException closed() {
    return new StorageException(Reason.CLOSED, "the storage was closed before the operation ended");
  }

  static StorageException io(Path path, String action, IOException cause) {
    if (isDiskFull(cause)) {
      return new StorageException(
          Reason.DISK_FULL,
          path
              + ": "
              + action
              + " failed for lack of space; nothing that was acknowledged is lost; free some space,"
              + " but delete nothing in the node's folder, and restart the node",
          cause);
    }
    return new StorageException(
        Reason.IO_ERROR,
        path
            + ": "
            + action
            + " failed ("
            + cause
            + "); nothing that was acknowledged is lost unless the disk lost it; check the disk and"
            + " restart the node on the same folder, which finds out what is there",
        cause);
  }

  /** Finds the cause that says most about a failure of the engine at this place. */
  static StorageException of(Path path, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException) {
        return (StorageException) cause;
      }
      if (cause instanceof IOException) {
        return io(path, "access", (IOException) cause);
      }
      if (cause instanceof OutOfDiskSpaceException) {
        return io(path, "write", new IOException("No space left on device", cause));
      }
      if (cause instanceof Error) {
        return program(path, cause);
      }
    }
    return ofEngine(path, failure);
  }

  private static StorageException ofEngine(Path path, Throwable failure) {
    if (failure instanceof ExodusException && !(failure instanceof TooBigLoggableException)) {
      return StorageException.corrupt(
          path + " cannot be read, expected a valid store, was: " + failure, failure);
    }
    return program(path, failure);
  }

  /**
   * Every byte that is read is checked, so what remains speaks of the program and not of the disk.
   */
  private static StorageException program(Path path, Throwable cause) {
    return new StorageException(
        Reason.PROGRAM_ERROR,
        path
            + ": access failed because the program did ("
            + cause
            + "); nothing that was acknowledged is lost; restart the node on the same folder and"
            + " delete nothing in it; report this unless memory was exhausted",
        cause);
  }

  /**
   * Tells the thread's handler of uncaught exceptions about an error of the JVM, such as exhausted
   * memory, after whoever waits has been told: nothing in the process can be relied on any more.
   */
  static void escalate(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof VirtualMachineError)) {
      cause = cause.getCause(); // The engine wraps what it catches.
    }
    if (cause != null) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }

  private static boolean isDiskFull(IOException cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("not enough space")
        || message.contains("quota exceeded");
  }
}
