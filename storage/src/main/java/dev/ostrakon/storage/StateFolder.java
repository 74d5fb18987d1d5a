package dev.ostrakon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder of one group's state: its generations, and a pointer to the one in force.
 *
 * <p>Replacing the state means to build another generation beside it and then to replace the
 * pointer, atomically: a crash leaves the old or the new state. What the pointer does not name is
 * left over and deleted when the folder is opened.
 */
final class StateFolder {

  private static final String POINTER = "current";
  private static final int POINTER_BYTES = 16;

  private final Disk disk;
  private final Path path;
  private final long group;
  private final XodusEnvironment.Settings settings;
  private final SmallFile pointer;
  private final Set<StateGeneration> opened = ConcurrentHashMap.newKeySet();

  StateFolder(Disk disk, Path path, long group, XodusEnvironment.Settings settings) {
    this.disk = disk;
    this.path = path;
    this.group = group;
    this.settings = settings;
    this.pointer = new SmallFile(disk, path.resolve(POINTER));
  }

  Path path() {
    return path;
  }

  /** Opens the generation in force, or creates the first one. */
  StateGeneration open() {
    try {
      Disk.requireFolder(disk, path);
    } catch (IOException e) {
      throw Failures.io(path, "create", e);
    }
    Optional<byte[]> stored = pointer.readDurable();
    long number = stored.map(this::decodePointer).orElse(1L);
    deleteAllBut(stored.isPresent() ? number : 0);
    if (stored.isPresent() && !Files.exists(folderOf(number))) {
      throw Failures.corrupt(path, "generation " + number, "no such folder");
    }
    StateGeneration generation = openGeneration(number);
    if (stored.isEmpty()) {
      makeCurrent(generation);
    }
    return generation;
  }

  /** Creates an empty generation; it counts for nothing until it is made current. */
  StateGeneration create(long number) {
    deleteTree(folderOf(number));
    return openGeneration(number);
  }

  /** Puts a generation in force, durably. */
  void makeCurrent(StateGeneration generation) {
    byte[] contents = new byte[POINTER_BYTES];
    ByteBuffer.wrap(contents).putLong(group).putLong(generation.number());
    pointer.write(contents);
  }

  /** Closes and deletes a generation that is not in force, once nobody reads it any more. */
  void discard(StateGeneration generation) {
    generation.retire(
        () -> {
          opened.remove(generation);
          deleteTree(folderOf(generation.number()));
        });
  }

  /** Closes what is open; nothing may use it any more. */
  void close() {
    opened.forEach(StateGeneration::close);
    opened.clear();
  }

  private StateGeneration openGeneration(long number) {
    XodusEnvironment environment = XodusEnvironment.open(disk, folderOf(number), settings);
    try {
      StateGeneration generation = new StateGeneration(group, number, environment);
      opened.add(generation);
      return generation;
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
  }

  private long decodePointer(byte[] contents) {
    Path file = path.resolve(POINTER);
    if (contents.length != POINTER_BYTES) {
      throw Failures.corrupt(file, POINTER_BYTES + " bytes", contents.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(contents);
    long storedGroup = buffer.getLong();
    if (storedGroup != group) {
      throw Failures.corrupt(file, "the state of group " + group, "that of " + storedGroup);
    }
    return buffer.getLong();
  }

  private void deleteAllBut(long number) {
    Path kept = folderOf(number);
    for (Path child : children(path)) {
      if (Files.isDirectory(child) && !child.equals(kept)) {
        deleteTree(child);
      }
    }
  }

  private void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      for (Path child : children(folder)) {
        disk.delete(child);
      }
      disk.delete(folder);
      disk.syncFolder(path);
    } catch (IOException e) {
      throw Failures.io(folder, "delete", e);
    }
  }

  private static List<Path> children(Path folder) {
    List<Path> children = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      listed.sorted().forEach(children::add);
    } catch (IOException e) {
      throw Failures.io(folder, "list", e);
    }
    return children;
  }

  private Path folderOf(long number) {
    return path.resolve(String.format(Locale.ROOT, "generation-%d", number));
  }
}
