package dev.ostrakon.benchmarks.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.storage.NodeStorage;
import dev.ostrakon.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What checkpoints, restarts, reads that miss memory and snapshots of one group cost. Random
 * 16-byte keys, 100-byte values.
 *
 * <p>Arguments: rows of a checkpoint, number of checkpoints, folder (default: temporary).
 */
public final class StateBenchmark {

  private static final int LOADS = 5_000;
  private static final int PART_BYTES = 256 << 10; // 256 KiB

  private final LinkedBlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
  private final RandomSource random = new RandomSource(1);
  private final List<Bytes> keys = new ArrayList<>();

  private StateBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    int checkpoints = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Path folder =
        arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("ostrakon-state");
    StateBenchmark benchmark = new StateBenchmark();
    try (NodeStorage storage = NodeStorage.open(folder, "bench", "n1", StorageConfig.DEFAULTS)) {
      benchmark.checkpoint(storage, rows, checkpoints);
    }
    long start = System.nanoTime();
    try (NodeStorage storage = NodeStorage.open(folder, "bench", "n1", StorageConfig.DEFAULTS)) {
      StateStore state = storage.state(1, benchmark.new Owner());
      state.recover();
      print("restart", System.nanoTime() - start, 1);
      benchmark.load(state);
      benchmark.snapshot(state);
    }
    delete(folder);
  }

  private void checkpoint(NodeStorage storage, int rows, int checkpoints)
      throws InterruptedException {
    StateStore state = storage.state(1, new Owner());
    state.recover();
    for (int number = 1; number <= checkpoints; number++) {
      List<Bytes> fresh = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        fresh.add(randomBytes(16));
      }
      Bytes value = randomBytes(100);
      long start = System.nanoTime();
      fresh.forEach(key -> state.put(key, value));
      print("put", System.nanoTime() - start, rows);
      start = System.nanoTime();
      SnapshotMetadata at = new SnapshotMetadata(new EntryId(1, number), Membership.EMPTY);
      this.<Void>await(callback -> state.checkpoint(at, callback));
      print("checkpoint, a row", System.nanoTime() - start, rows);
      keys.addAll(fresh);
    }
  }

  private void load(StateStore state) throws InterruptedException {
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < LOADS; i++) {
        Bytes key = keys.get(random.nextInt(keys.size()));
        this.<Void>await(callback -> state.load(List.of(key), callback));
      }
      print("load, one at a time", System.nanoTime() - start, LOADS);
    }
  }

  private void snapshot(StateStore state) throws InterruptedException {
    long start = System.nanoTime();
    List<SnapshotReader> opened = new ArrayList<>();
    this.<SnapshotReader>await(state::openSnapshot, opened);
    SnapshotReader reader = opened.get(0);
    long bytes = 0;
    Bytes part;
    do {
      List<Bytes> read = new ArrayList<>();
      this.<Bytes>await(callback -> reader.next(PART_BYTES, callback), read);
      part = read.get(0);
      bytes += part.size();
    } while (!part.isEmpty());
    reader.close();
    print("snapshot, a MiB", System.nanoTime() - start, (int) Math.max(bytes >> 20, 1));
  }

  private <T> void await(Consumer<Callback<T>> operation) throws InterruptedException {
    await(operation, new ArrayList<>());
  }

  private <T> void await(Consumer<Callback<T>> operation, List<T> result)
      throws InterruptedException {
    boolean[] done = {false};
    operation.accept(
        new Callback<>() {
          @Override
          public void succeeded(T value) {
            done[0] = true;
            result.add(value);
          }

          @Override
          public void failed(StorageException cause) {
            throw cause;
          }
        });
    while (!done[0]) {
      turns.take().run();
    }
  }

  private Bytes randomBytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return Bytes.wrap(bytes);
  }

  private static void print(String what, long nanos, int count) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %10.2f us each, %8.1f ms in all%n",
        what,
        nanos / 1e3 / count,
        nanos / 1e6);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The turns of the benchmark's thread. */
  private final class Owner implements Scheduler {
    @Override
    public void execute(Runnable task) {
      turns.add(task);
    }

    @Override
    public long nowNanos() {
      return System.nanoTime();
    }

    @Override
    public boolean isOwner() {
      return true;
    }
  }
}
