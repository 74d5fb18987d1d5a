package dev.ostrakon.storage;

import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;

/**
 * The data folder of one node, open: hands out the log and the state of each group.
 *
 * <p>Thread-safe. Opening, closing and the {@code recover} methods of what it hands out block on
 * the disk; nothing else does.
 *
 * <p>Failure: a failure of the log stops every replica of the node, one of a state stops that
 * replica; either way all that waits and all that comes later ends with the same {@link
 * StorageException}.
 */
public final class NodeStorage implements AutoCloseable {

  private static final int EXTENT_BYTES = 1 << 20; // 1 MiB

  /** As small as Xodus allows: a commit writes the pages that it changes as a whole. */
  static final int LOG_PAGE_RECORDS = 16;

  private static final int STATE_PAGE_RECORDS = 128;
  private static final int LOG_CACHE_PAGE_BYTES = 1 << 16; // 64 KiB

  /** Small, because rows that are read one at a time lie anywhere in the files. */
  private static final int STATE_CACHE_PAGE_BYTES = 1 << 12; // 4 KiB

  private static final int LOG_CLEANER_START_MILLIS = 1_000;

  /** Not before the log was replayed: both would read all over the files. */
  private static final int STATE_CLEANER_START_MILLIS = 30_000;

  private static final int LOG_CLEANER_PAUSE_MILLIS = 50;
  private static final int STATE_CLEANER_PAUSE_MILLIS = 500;

  /** The more are left alone, the more of them are wholly dead when they are looked at. */
  private static final int LOG_CLEANER_FILES_LEFT = 2;

  /** As few as Xodus allows: a state that is overwritten again and again then stays small. */
  private static final int STATE_CLEANER_FILES_LEFT = 1;

  /**
   * Below a half: entries die in the order in which they were written, so files that may wait a
   * little are wholly dead. Others cost much: what lives in them is searched for, page by page, and
   * written again, while commits wait.
   */
  private static final int LOG_LIVE_MIN_PERCENT = 33;

  private static final int STATE_LIVE_MIN_PERCENT = 50;
  private static final int CLOSE_MINUTES = 10;

  private final Disk disk;
  private final NodeFolder folder;
  private final NodeIdentity identity;
  private final StorageConfig config;
  private final ExecutorService workers;
  private final ExecutorService checkpointers;
  private final XodusEnvironment logEnvironment;
  private final Store logStore;
  private final LogWriter logWriter;
  private final Map<Scheduler, LogHandover> handovers = new ConcurrentHashMap<>();
  private final List<XodusStateStore> states = new ArrayList<>();
  private boolean closed;

  private NodeStorage(
      Disk disk,
      NodeFolder folder,
      NodeIdentity identity,
      StorageConfig config,
      Store logStore,
      XodusEnvironment logEnvironment) {
    this.disk = disk;
    this.folder = folder;
    this.identity = identity;
    this.config = config;
    this.logEnvironment = logEnvironment;
    this.logStore = logStore;
    this.workers = Executors.newFixedThreadPool(config.workers(), threads("ostrakon-storage-"));
    this.checkpointers =
        Executors.newFixedThreadPool(config.checkpointers(), threads("ostrakon-checkpoint-"));
    this.logWriter = new LogWriter(logEnvironment, config, workers);
  }

  /**
   * Opens the folder of a node; sets it up if it is new.
   *
   * @throws StorageException if it is in use, belongs to another node or cluster, has a newer
   *     format, or cannot be read or trusted
   */
  public static NodeStorage open(Path path, String clusterId, String nodeId, StorageConfig config) {
    return open(new SystemDisk(), path, clusterId, nodeId, config);
  }

  static NodeStorage open(
      Disk disk, Path path, String clusterId, String nodeId, StorageConfig config) {
    NodeFolder folder = NodeFolder.lock(disk, path);
    try {
      Optional<NodeIdentity> stored = folder.identity();
      stored.ifPresent(identity -> identity.requireOwner(path, clusterId, nodeId));
      NodeIdentity identity = stored.orElseGet(() -> folder.beginSetup(clusterId, nodeId));
      NodeStorage storage = openLog(disk, folder, identity, config, stored.isEmpty());
      if (stored.isEmpty()) {
        folder.finishSetup(identity);
      }
      storage.logWriter.start();
      return storage;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static NodeStorage openLog(
      Disk disk, NodeFolder folder, NodeIdentity identity, StorageConfig config, boolean isNew) {
    if (!isNew && !Files.exists(folder.logPath().resolve(BlockFolder.HIGHEST))) {
      throw Failures.corrupt(folder.logPath(), "the log of this node", "no log");
    }
    XodusEnvironment environment =
        XodusEnvironment.open(disk, folder.logPath(), logSettings(identity, config));
    try {
      if (!isNew && !environment.hasStore("log")) {
        throw Failures.corrupt(folder.logPath(), "the log of this node", "an empty environment");
      }
      Store store = environment.openStore("log", StoreConfig.WITHOUT_DUPLICATES);
      return new NodeStorage(disk, folder, identity, config, store, environment);
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
  }

  public NodeIdentity identity() {
    return identity;
  }

  /** The log of a group, for the owner behind the scheduler; at most one at a time. */
  public LogStorage log(long group, Scheduler scheduler) {
    GroupLog stored = new GroupLog(group, logStore, new LogRecord(folder.logPath()));
    LogHandover handover =
        handovers.computeIfAbsent(scheduler, owner -> new LogHandover(logWriter, owner));
    return new XodusLogStorage(logWriter, handover, stored, scheduler, config.entryBytesMax());
  }

  /** The state of a group, for the owner behind the scheduler; at most one at a time. */
  public synchronized StateStore state(long group, Scheduler scheduler) {
    if (closed) {
      throw Failures.closed();
    }
    StateFolder states =
        new StateFolder(disk, folder.statePath(group), group, stateSettings(identity, config));
    XodusStateStore store = new XodusStateStore(states, config, workers, checkpointers, scheduler);
    this.states.add(store);
    return store;
  }

  public LogStats logStats() {
    return logWriter.stats();
  }

  /** Bytes of log entries that are not durable yet; a node that sees it grow refuses proposals. */
  public long logBacklogBytes() {
    return logWriter.backlogBytes();
  }

  /**
   * Makes durable what was written in turns of the owners that have ended, then closes; what comes
   * later fails. Safe to call twice.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    logWriter.close();
    shutdown(checkpointers);
    shutdown(workers);
    states.forEach(XodusStateStore::close);
    logEnvironment.close();
    folder.close();
  }

  private static void shutdown(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_MINUTES, TimeUnit.MINUTES)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  static XodusEnvironment.Settings logSettings(NodeIdentity identity, StorageConfig config) {
    return new XodusEnvironment.Settings(
        new BlockFolder.Layout(identity.diskId(), config.logBlockBytes(), EXTENT_BYTES, true),
        LOG_PAGE_RECORDS,
        LOG_CACHE_PAGE_BYTES,
        config.logCacheBytes(),
        false,
        LOG_CLEANER_START_MILLIS,
        LOG_CLEANER_PAUSE_MILLIS,
        LOG_CLEANER_FILES_LEFT,
        LOG_LIVE_MIN_PERCENT);
  }

  private static XodusEnvironment.Settings stateSettings(
      NodeIdentity identity, StorageConfig config) {
    return new XodusEnvironment.Settings(
        new BlockFolder.Layout(identity.diskId(), config.stateBlockBytes(), EXTENT_BYTES, false),
        STATE_PAGE_RECORDS,
        STATE_CACHE_PAGE_BYTES,
        config.stateCacheBytes(),
        true,
        STATE_CLEANER_START_MILLIS,
        STATE_CLEANER_PAUSE_MILLIS,
        STATE_CLEANER_FILES_LEFT,
        STATE_LIVE_MIN_PERCENT);
  }

  private static ThreadFactory threads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
