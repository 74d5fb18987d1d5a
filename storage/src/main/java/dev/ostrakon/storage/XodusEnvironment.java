package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import jetbrains.exodus.ConfigurationStrategy;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import jetbrains.exodus.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * A Xodus environment on our own block files, with every commit durable.
 *
 * <p>Thread-safe as Xodus is. Whatever goes wrong inside comes out as a {@link StorageException}
 * and is final for this environment.
 */
final class XodusEnvironment implements AutoCloseable {

  private final BlockFolder folder;
  private final Environment environment;

  /** Read-only transactions that are open right now. */
  private final AtomicInteger openSnapshots = new AtomicInteger();

  private XodusEnvironment(BlockFolder folder, Environment environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Settings of one environment.
   *
   * @param layout what its files look like
   * @param treePageRecords most records in a page of the tree: a commit rewrites whole pages
   * @param cachePageBytes what is read and cached at a time; the same for all that share a cache
   * @param cacheBytes memory for its pages; environments with a shared cache have one together
   * @param sharedCache whether its pages compete with those of other environments
   * @param cleanerStartMillis when the cleaner starts; after a crash it then reads all rows first
   * @param cleanerPauseMillis the cleaner starts no further file in a transaction that has held up
   *     commits for so long
   * @param cleanerFilesLeft so many of the newest files the cleaner leaves alone
   * @param liveMinPercent the cleaner starts when less than this part of the files is of use
   */
  record Settings(
      BlockFolder.Layout layout,
      int treePageRecords,
      int cachePageBytes,
      long cacheBytes,
      boolean sharedCache,
      int cleanerStartMillis,
      int cleanerPauseMillis,
      int cleanerFilesLeft,
      int liveMinPercent) {}

  /** Opens or creates an environment; throws {@link StorageException}. */
  static XodusEnvironment open(Disk disk, Path path, Settings settings) {
    BlockFolder folder = BlockFolder.open(disk, path, settings.layout());
    try {
      LogConfig log =
          new LogConfig().setReaderWriter(new BlockReader(folder), new BlockWriter(folder));
      Environment environment = Environments.newInstance(log, config(settings));
      folder.requireIntact();
      XodusEnvironment opened = new XodusEnvironment(folder, environment);
      opened.watchCleaner();
      return opened;
    } catch (Throwable e) {
      folder.closeFiles();
      Failures.escalate(e);
      throw Failures.of(path, e);
    }
  }

  private static EnvironmentConfig config(Settings settings) {
    EnvironmentConfig config = new EnvironmentConfig(ConfigurationStrategy.IGNORE);
    // Every commit ends with a sync: off by default.
    config.setLogDurableWrite(true);
    // No further sync merely because the last one was long ago.
    config.setLogSyncPeriod(Long.MAX_VALUE / 2);
    config.setLogFileSize(settings.layout().blockBytes() >> 10);
    config.setFullFileReadonly(false);
    config.setLogClearInvalid(false);
    config.setLogCachePageSize(settings.cachePageBytes());
    config.setMemoryUsage(settings.cacheBytes());
    config.setLogCacheShared(settings.sharedCache());
    config.setTreeMaxPageSize(settings.treePageRecords());
    config.setEnvGatherStatistics(false);
    config.setManagementEnabled(false);
    config.setGcStartIn(settings.cleanerStartMillis());
    config.setGcRunPeriod(1_000);
    config.setGcFilesDeletionDelay(1_000);
    config.setGcTransactionTimeout(settings.cleanerPauseMillis());
    config.setGcFileMinAge(settings.cleanerFilesLeft());
    config.setGcMinUtilization(settings.liveMinPercent());
    return config;
  }

  /** Xodus only logs what its cleaner throws, and goes on without it. */
  private void watchCleaner() {
    ((EnvironmentImpl) environment)
        .getGC()
        .getCleanerJobProcessor()
        .setExceptionHandler(
            (processor, job, cause) -> {
              if (environment.isOpen()) {
                failed(cause);
              }
            });
  }

  boolean hasStore(String name) {
    return read(txn -> environment.storeExists(name, txn));
  }

  Store openStore(String name, StoreConfig config) {
    return write(txn -> environment.openStore(name, config, txn));
  }

  /** Runs a step in one exclusive transaction, durable when this returns. */
  <T> T write(TransactionStep<T> step) {
    folder.requireIntact();
    @Nullable Transaction transaction = null;
    try {
      transaction = environment.beginExclusiveTransaction();
      T result = step.run(transaction);
      if (!transaction.commit()) {
        throw new IllegalStateException("the commit of an exclusive transaction was refused");
      }
      folder.requireIntact();
      return result;
    } catch (Throwable e) { // An Error, too, leaves the environment in an unknown state.
      throw failed(e);
    } finally {
      abortUnfinished(transaction);
    }
  }

  /** Runs a step on the newest commit. */
  <T> T read(TransactionStep<T> step) {
    folder.requireIntact();
    try (Snapshot snapshot = snapshot()) {
      T result = step.run(snapshot.transaction());
      folder.requireIntact();
      return result;
    } catch (Throwable e) { // An Error, too, leaves the environment in an unknown state.
      throw failed(e);
    }
  }

  /** A view of the newest commit that stays as it is; must be closed. */
  Snapshot snapshot() {
    Transaction transaction = environment.beginReadonlyTransaction();
    openSnapshots.incrementAndGet();
    return new Snapshot(transaction, openSnapshots);
  }

  BlockFolder folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      // A forced close drops what Xodus knows about garbage and has it read everything at the next
      // start to find out again: only where something is still being read.
      environment.getEnvironmentConfig().setEnvCloseForcedly(openSnapshots.get() > 0);
      environment.close();
    } catch (RuntimeException e) {
      folder.fail(Failures.of(folder.path(), e));
    } finally {
      folder.closeFiles();
      folder.fail(Failures.closed());
    }
  }

  /** What happened, for good: every later operation fails with it. */
  private StorageException failed(Throwable cause) {
    StorageException failure = folder.fail(Failures.of(folder.path(), cause));
    Failures.escalate(cause);
    return failure;
  }

  private static void abortUnfinished(@Nullable Transaction transaction) {
    if (transaction != null && !transaction.isFinished()) {
      transaction.abort();
    }
  }

  /** What is done within one transaction, on one thread. */
  interface TransactionStep<T> {
    T run(Transaction transaction);
  }

  /** A read-only transaction. */
  static final class Snapshot implements AutoCloseable {

    private final Transaction transaction;
    private final AtomicInteger open;
    private boolean closed;

    private Snapshot(Transaction transaction, AtomicInteger open) {
      this.transaction = transaction;
      this.open = open;
    }

    Transaction transaction() {
      return transaction;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
        transaction.abort();
      }
    }
  }
}
