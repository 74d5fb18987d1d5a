package dev.ostrakon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is deleted with all that it holds. */
final class TemporaryFolder {
  private static final int TRIES_MAX = 20;

  private final Path path;

  private TemporaryFolder(Path path) {
    this.path = path;
  }

  static TemporaryFolder create(String prefix) throws CommandFailedException {
    try {
      return new TemporaryFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new CommandFailedException("A temporary folder cannot be made: " + e + ".", e);
    }
  }

  Path path() {
    return path;
  }

  /** Deletes it; what still writes into it is given some tries. Returns whether it is gone. */
  boolean delete() {
    for (int i = 0; i < TRIES_MAX && Files.exists(path); i++) {
      try {
        deleteAll();
      } catch (IOException | UncheckedIOException e) {
        Thread.onSpinWait(); // Something came or went meanwhile.
      }
    }
    return Files.notExists(path);
  }

  private void deleteAll() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(path)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
