package dev.ostrakon.storage;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Callbacks;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a node that writes the Raft logs of all its groups.
 *
 * <p>It takes everything that waits, writes it as one durable commit and completes it; meanwhile
 * the next batch gathers. So the number of syncs depends on how long a sync takes, not on the
 * number of groups or entries. Writes that need no sync are completed at once and travel with the
 * next commit; if none comes they get one of their own a little later.
 *
 * <p>Bound: a batch ends at {@link StorageConfig#logBatchBytes()}. What may wait is bounded by the
 * replicas, which stop to propose and to accept when too much is not durable yet.
 */
final class LogWriter implements AutoCloseable {

  /**
   * Runs of dead entries that one commit deletes at most beside what it is for, so that nobody
   * waits for them: a few, and more than it adds.
   */
  private static final int GARBAGE_PER_COMMIT = 16;

  private static final int GARBAGE_PER_RUN = 4;

  /** The same of a commit that is for nothing else. */
  private static final int GARBAGE_WHEN_IDLE = 512;

  /** Writes that may wait for a commit although they are completed. */
  private static final int CARRIED_MAX = 1024;

  private final XodusEnvironment environment;
  private final StorageConfig config;
  private final Executor readers;
  private final LogMeter meter = new LogMeter();
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<LogJob> queue = new ArrayDeque<>();
  private long backlogBytes;
  private boolean closing;
  private @Nullable StorageException failure;

  // Confined to the thread.
  private final List<LogJob.Persist> carried = new ArrayList<>();
  private final Set<GroupLog> withGarbage = new LinkedHashSet<>();

  /** Since when there has been something that can wait for the next commit. */
  private long waitingSinceNanos;

  LogWriter(XodusEnvironment environment, StorageConfig config, Executor readers) {
    this.environment = environment;
    this.config = config;
    this.readers = readers;
    this.thread = new Thread(this::run, "ostrakon-log-writer");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  RecoveredLog recover(GroupLog log) {
    return environment.read(log::recover);
  }

  /** Takes jobs over, in order; never blocks for longer than others take to do the same. */
  void submit(List<LogJob> jobs) {
    StorageException refused;
    lock.lock();
    try {
      refused = closing ? Failures.closed() : failure;
      if (refused == null) {
        for (LogJob job : jobs) {
          queue.add(job);
          backlogBytes += job.bytes();
        }
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    if (refused != null) {
      jobs.forEach(job -> fail(job, refused));
    }
  }

  LogStats stats() {
    return meter.stats(environment.folder(), backlogBytes());
  }

  /** Size of the entries that wait or are being written. */
  long backlogBytes() {
    lock.lock();
    try {
      return backlogBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what was handed over, then stops; fails what comes later. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<LogJob> batch = new ArrayList<>();
    try {
      while (take(batch)) {
        writeBatch(batch);
        batch.clear();
      }
    } catch (StorageException e) {
      stop(e, batch);
    } catch (Throwable e) { // The boundary of the thread: whatever it was, nothing is acknowledged.
      stop(Failures.of(environment.folder().path(), e), batch);
      Failures.escalate(e);
    }
  }

  /** Waits for work and takes a batch of it; returns false once closed and empty. */
  private boolean take(List<LogJob> batch) throws InterruptedException {
    lock.lock();
    try {
      awaitJobs();
      long bytes = 0;
      while (!queue.isEmpty() && bytes < config.logBatchBytes()) {
        LogJob job = queue.remove();
        bytes += job.bytes();
        batch.add(job);
      }
      return !batch.isEmpty() || !closing || !carried.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while there is nothing to do; a little, if all there is to do can wait. */
  private void awaitJobs() throws InterruptedException {
    boolean isIdle = !hasWaiting();
    long nanos = leftToWaitNanos();
    while (queue.isEmpty() && !closing && (isIdle || nanos > 0)) {
      if (isIdle) {
        changed.await();
      } else {
        nanos = changed.awaitNanos(nanos);
      }
    }
  }

  /** Whether there is something that can wait for the next commit. */
  private boolean hasWaiting() {
    return !carried.isEmpty() || !withGarbage.isEmpty();
  }

  private long leftToWaitNanos() {
    long bound = TimeUnit.MILLISECONDS.toNanos(config.lazyWriteMillis());
    return bound - (System.nanoTime() - waitingSinceNanos);
  }

  private void writeBatch(List<LogJob> batch) {
    List<LogJob.Persist> writes = new ArrayList<>(batch.size());
    List<LogJob.Read> reads = new ArrayList<>();
    boolean mustSync = batch.isEmpty();
    for (LogJob job : batch) {
      if (job instanceof LogJob.Persist persist) {
        writes.add(persist);
        mustSync |= persist.write().mustSync();
      } else if (job instanceof LogJob.Read read) {
        reads.add(read);
      }
    }
    if (!hasWaiting()) {
      waitingSinceNanos = System.nanoTime();
    }
    carried.addAll(writes);
    boolean isOverdue = hasWaiting() && leftToWaitNanos() <= 0;
    if (mustSync || isOverdue || carried.size() > CARRIED_MAX) {
      commit();
    }
    release(batch);
    complete(writes);
    reads.forEach(this::startRead);
  }

  private void commit() {
    long startNanos = System.nanoTime();
    environment.write(
        txn -> {
          int budget = carried.isEmpty() ? GARBAGE_WHEN_IDLE : GARBAGE_PER_COMMIT;
          for (LogJob.Persist job : carried) {
            GroupLog log = job.log().stored();
            budget += GARBAGE_PER_RUN * log.apply(txn, job.write());
            if (log.hasGarbage()) {
              withGarbage.add(log);
            }
          }
          Iterator<GroupLog> dirty = withGarbage.iterator();
          while (dirty.hasNext() && budget > 0) {
            GroupLog log = dirty.next();
            budget -= log.deleteGarbage(txn, budget);
            if (!log.hasGarbage()) {
              dirty.remove();
            }
          }
          return true;
        });
    meter.committed(System.nanoTime() - startNanos, carried.size());
    carried.clear();
    waitingSinceNanos = System.nanoTime();
  }

  /** Calls back, in order, with one task for each owner: its replicas then act in one turn. */
  private void complete(List<LogJob.Persist> writes) {
    Map<Scheduler, List<Callback<Void>>> byOwner = new LinkedHashMap<>();
    long entries = 0;
    long bytes = 0;
    for (LogJob.Persist job : writes) {
      byOwner
          .computeIfAbsent(job.log().scheduler(), owner -> new ArrayList<>())
          .add(job.callback());
      entries += job.write().entries().size();
      bytes += job.bytes();
    }
    meter.completed(writes.size(), entries, bytes);
    byOwner.forEach(
        (owner, callbacks) -> Lane.post(owner, () -> callbacks.forEach(Callbacks::succeed)));
  }

  private void startRead(LogJob.Read job) {
    Scheduler scheduler = job.log().scheduler();
    readers.execute(
        () -> {
          List<LogEntry> entries;
          try {
            entries =
                environment.read(txn -> job.log().stored().read(txn, job.fetch(), job.baseIndex()));
          } catch (Throwable e) { // Whoever waits must be told, whatever it was.
            StorageException cause = Failures.of(environment.folder().path(), e);
            Lane.post(scheduler, () -> job.callback().failed(cause));
            Failures.escalate(e);
            return;
          }
          Lane.post(scheduler, () -> job.callback().succeeded(entries));
        });
  }

  private void release(List<LogJob> batch) {
    long bytes = 0;
    for (LogJob job : batch) {
      bytes += job.bytes();
    }
    lock.lock();
    try {
      backlogBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  private void stop(StorageException cause, List<LogJob> batch) {
    List<LogJob> waiting = new ArrayList<>(batch);
    lock.lock();
    try {
      failure = cause;
      waiting.addAll(queue);
      queue.clear();
      backlogBytes = 0;
    } finally {
      lock.unlock();
    }
    waiting.forEach(job -> fail(job, cause));
  }

  private static void fail(LogJob job, StorageException cause) {
    Scheduler scheduler = job.log().scheduler();
    if (job instanceof LogJob.Persist persist) {
      Lane.post(scheduler, () -> persist.callback().failed(cause));
    } else if (job instanceof LogJob.Read read) {
      Lane.post(scheduler, () -> read.callback().failed(cause));
    }
  }
}
