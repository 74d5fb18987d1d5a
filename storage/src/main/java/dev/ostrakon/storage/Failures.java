package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import jetbrains.exodus.OutOfDiskSpaceException;

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
            + ": remove this node's data and let it come back as a new replica");
  }

  static StorageException newer(Path path, int version, int supported) {
    return new StorageException(
        Reason.NEWER_FORMAT,
        path
            + " has format "
            + version
            + ", expected at most "
            + supported
            + ": run the version that wrote it, or a newer one");
  }

  static StorageException closed() {
    return new StorageException(Reason.CLOSED, "the storage was closed before the operation ended");
  }

  static StorageException io(Path path, String action, IOException cause) {
    if (isDiskFull(cause)) {
      return new StorageException(
          Reason.DISK_FULL,
          path + ": " + action + " failed for lack of space; free some and restart the node",
          cause);
    }
    return new StorageException(
        Reason.IO_ERROR,
        path + ": " + action + " failed (" + cause + "); check the disk and restart the node",
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
    }
    return new StorageException(
        Reason.CORRUPT,
        path
            + " cannot be read, expected a valid store, was: "
            + failure
            + ": remove this node's data and let it come back as a new replica",
        failure);
  }

  private static boolean isDiskFull(IOException cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("not enough space")
        || message.contains("quota exceeded");
  }
}
