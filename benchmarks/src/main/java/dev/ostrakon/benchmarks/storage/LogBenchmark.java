package dev.ostrakon.benchmarks.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.storage.LogStats;
import dev.ostrakon.storage.NodeStorage;
import dev.ostrakon.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Entries per second that the log of one node makes durable, and syncs per entry.
 *
 * <p>One owner, as on an event loop, keeps a number of entries in flight over a number of groups;
 * what is free in a turn goes out as one write a group, as a replica does. Logs are compacted
 * behind the newest 20,000 entries.
 *
 * <p>Arguments: seconds, bytes of an entry, folder (default: temporary).
 */
public final class LogBenchmark {

  private static final int KEPT_ENTRIES = 20_000;
  private static final int COMPACT_EVERY = 5_000;
  private static final HardState HARD_STATE = new HardState(1, new ReplicaId(1), 0);

  private final LinkedBlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
  private final Bytes payload;
  private final List<Group> groups = new ArrayList<>();
  private long completed;

  private LogBenchmark(int payloadBytes) {
    byte[] bytes = new byte[payloadBytes];
    RandomSource random = new RandomSource(1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    payload = Bytes.wrap(bytes);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    int payloadBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    Path parent =
        arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("ostrakon-log");
    System.out.println(
        "groups in-flight entries/s commits/s syncs/entry cpu-us/entry file-bytes/entry"
            + " commit-us-p50 commit-us-p99 disk-MiB");
    int[][] cases = {{1, 1}, {1, 64}, {1, 1024}, {16, 64}, {16, 1024}};
    for (int[] shape : cases) {
      Path folder = parent.resolve("groups" + shape[0] + "-inflight" + shape[1]);
      try (NodeStorage storage = NodeStorage.open(folder, "bench", "n1", StorageConfig.DEFAULTS)) {
        new LogBenchmark(payloadBytes).run(storage, folder, shape[0], shape[1], seconds);
      }
      delete(folder);
    }
  }

  private void run(NodeStorage storage, Path folder, int groupCount, int inFlight, int seconds)
      throws IOException, InterruptedException {
    for (int group = 1; group <= groupCount; group++) {
      groups.add(new Group(storage.log(group, new Owner()), inFlight / groupCount));
    }
    runFor(TimeUnit.SECONDS.toNanos(2));
    LogStats before = storage.logStats();
    long completedBefore = completed;
    long cpuBefore = processorNanos();
    long start = System.nanoTime();
    runFor(TimeUnit.SECONDS.toNanos(seconds));
    double elapsed = (System.nanoTime() - start) / 1e9;
    long entries = completed - completedBefore;
    LogStats after = storage.logStats();
    System.out.printf(
        Locale.ROOT,
        "%6d %9d %9.0f %9.0f %11.4f %12.2f %16.0f %13d %13d %8d%n",
        groupCount,
        inFlight,
        entries / elapsed,
        (after.commits() - before.commits()) / elapsed,
        (after.syncs() - before.syncs()) / (double) entries,
        (processorNanos() - cpuBefore) / 1e3 / entries,
        (after.fileBytes() - before.fileBytes()) / (double) entries,
        after.commitMicrosP50(),
        after.commitMicrosP99(),
        diskBytes(folder) >> 20);
    while (groups.stream().anyMatch(Group::isWaiting)) {
      turns.take().run();
    }
  }

  private void runFor(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      groups.forEach(Group::propose);
      turns.take().run();
      for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
        turn.run();
      }
    }
  }

  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static long diskBytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
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

  /** One log and what is in flight for it. */
  private final class Group {

    private final LogStorage log;
    private int free;
    private int waiting;
    private long lastIndex;
    private long compacted;

    Group(LogStorage log, int inFlight) {
      this.log = log;
      this.free = Math.max(1, inFlight);
      log.recover();
    }

    boolean isWaiting() {
      return waiting > 0;
    }

    void propose() {
      if (free == 0) {
        return;
      }
      int count = free;
      List<LogEntry> entries = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        entries.add(new LogEntry(++lastIndex, 1, EntryKind.COMMAND, payload));
      }
      free = 0;
      waiting++;
      log.persist(
          new LogWrite(HARD_STATE, false, EntryId.ZERO, entries, compaction()), done(count));
    }

    private EntryId compaction() {
      long to = lastIndex - KEPT_ENTRIES;
      if (to - compacted < COMPACT_EVERY) {
        return EntryId.ZERO;
      }
      compacted = to;
      return new EntryId(1, to);
    }

    private Callback<Void> done(int count) {
      return new Callback<>() {
        @Override
        public void succeeded(Void value) {
          free += count;
          waiting--;
          completed += count;
        }

        @Override
        public void failed(StorageException cause) {
          throw cause;
        }
      };
    }
  }
}
