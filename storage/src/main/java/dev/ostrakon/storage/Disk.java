package dev.ostrakon.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Everything that storage asks of a file system where the order of writes and syncs matters.
 *
 * <p>A seam: tests replace it to count syncs, to make calls fail, and to lose in a simulated power
 * cut what was not synced.
 */
interface Disk {

  /** Creates a file that must not exist. */
  DiskFile create(Path path) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile open(Path path) throws IOException;

  /** Replaces {@code to} by {@code from}, atomically; durable after the folder is synced. */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file if it exists; durable after the folder is synced. */
  void delete(Path path) throws IOException;

  /** Creates a folder in an existing one; durable after that one is synced. */
  void createFolder(Path folder) throws IOException;

  /** Makes creations, renames and deletions in a folder durable. */
  void syncFolder(Path folder) throws IOException;

  /** Makes sure that a folder and those around it exist, and durably so. */
  static void requireFolder(Disk disk, Path folder) throws IOException {
    Path parent = parentOf(folder);
    if (!Files.exists(folder)) {
      if (!Files.exists(parent)) {
        requireFolder(disk, parent);
      }
      disk.createFolder(folder);
    }
    // Even if it was there: a crash may have come between its creation and this.
    disk.syncFolder(parent);
  }

  /** The folder that a file or folder is in. */
  static Path parentOf(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "the root has no parent");
  }
}
