package dev.ostrakon.cli.torture;

import dev.ostrakon.cli.history.EdnHistoryWriter;
import dev.ostrakon.cli.history.KvHistoryWriter;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One run of a workload: clients go on for the time given while faults come and go; then everything
 * heals, and everything is read once more.
 */
public final class Torture {
  /** How long after the last fault everything may take to work again. */
  private static final int RECOVERY_SECONDS_MAX = 120;

  private static final int START_SECONDS_MAX = 120;
  private static final int RETRY_MILLIS = 100;
  private static final int CLIENT_END_SECONDS_MAX = 180;
  private static final int PROGRESS_MILLIS = 250;

  /** A run that is ended early does not wait for calls under way longer than this. */
  private static final int INTERRUPTED_END_SECONDS_MAX = 6;

  private final TortureSettings settings;
  private final Store store;
  private final Faults faults;
  private final Watch watch;
  private final Consumer<String> progress;
  private final Counts counts = new Counts();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch interrupted;
  private final long startNanos = System.nanoTime();

  /**
   * @param progress takes a line now and then
   * @param interrupted ends the run early when it is counted down
   */
  Torture(
      TortureSettings settings,
      Store store,
      Surroundings surroundings,
      Consumer<String> progress,
      CountDownLatch interrupted) {
    this.settings = settings;
    this.store = store;
    this.faults = surroundings.faults();
    this.watch = surroundings.watch();
    this.progress = progress;
    this.interrupted = interrupted;
  }

  private boolean isInterrupted() {
    return interrupted.getCount() == 0;
  }

  TortureReport run() throws IOException, InterruptedException {
    try (Workload workload = open()) {
      if (prepare(workload)) {
        watch.measure();
        List<Thread> clients = startClients(workload);
        List<Thread> culprits = faults.start(stop, problems::add);
        awaitEnd();
        stop.countDown();
        end(workload, clients, culprits);
      }
    }
    lookAtNodes();
    return new TortureReport(
        counts.total(),
        counts.ok(),
        counts.failed(),
        counts.unknown(),
        faults.count(),
        (System.nanoTime() - startNanos) / 1e9,
        isInterrupted(),
        isInterrupted() ? List.of() : List.copyOf(problems),
        watch.usage());
  }

  /** Waits until the cluster takes something; in vain if a node ends or the time is over. */
  private boolean prepare(Workload workload) throws IOException, InterruptedException {
    if (repeat("waiting for the cluster", workload::prepare, START_SECONDS_MAX)) {
      return true;
    }
    if (problems.isEmpty()) {
      problems.add("The cluster did not take anything within " + START_SECONDS_MAX + " s.");
    }
    return false;
  }

  private void lookAtNodes() {
    problems.addAll(watch.deaths());
  }

  private void end(Workload workload, List<Thread> clients, List<Thread> culprits)
      throws IOException, InterruptedException {
    if (isInterrupted()) {
      join(clients, INTERRUPTED_END_SECONDS_MAX);
      return;
    }
    join(culprits, CLIENT_END_SECONDS_MAX);
    progress.accept("healing everything");
    faults.heal();
    join(clients, CLIENT_END_SECONDS_MAX);
    readEverything(workload);
  }

  private Workload open() throws IOException {
    LongSupplier nanos = () -> System.nanoTime() - startNanos;
    TortureRun run = new TortureRun(settings, nanos, counts);
    RandomSource random = new RandomSource(settings.seed()).fork("workload");
    Clients clients = new Clients(settings.clients(), random);
    return switch (settings.kind()) {
      case REGISTER ->
          new RegisterWorkload(run, store, KvHistoryWriter.open(settings.history()), clients);
      case APPEND ->
          new AppendWorkload(run, store, EdnHistoryWriter.open(settings.history(), nanos), clients);
      case BANK ->
          new BankWorkload(run, store, EdnHistoryWriter.open(settings.history(), nanos), clients);
    };
  }

  private List<Thread> startClients(Workload workload) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < settings.clients(); i++) {
      int client = i;
      Thread thread = new Thread(() -> runClient(workload, client), "client-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    return threads;
  }

  private void runClient(Workload workload, int client) {
    try {
      long gapNanos =
          settings.rate() == 0 ? 0 : TimeUnit.SECONDS.toNanos(settings.clients()) / settings.rate();
      while (!stop.await(gapNanos, TimeUnit.NANOSECONDS)) {
        workload.step(client);
      }
    } catch (IOException e) {
      problems.add("The history could not be written: " + e.getMessage() + ".");
    } catch (BrokenPromiseException e) {
      problems.add(e.getMessage() + (e.getCause() == null ? "" : " " + e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the end, or until something is wrong, and tells how it goes. */
  private void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.seconds());
    long last = 0;
    while (System.nanoTime() - end < 0 && problems.isEmpty()) {
      long left = Math.min(TimeUnit.SECONDS.toNanos(1), Math.max(1, end - System.nanoTime()));
      if (interrupted.await(left, TimeUnit.NANOSECONDS)) {
        return;
      }
      lookAtNodes();
      long total = counts.total();
      progress.accept(
          String.format(
              Locale.ROOT,
              "%.0f s, %d operations (%d/s), %d failed, %d unknown, %d faults; %s",
              (System.nanoTime() - startNanos) / 1e9,
              total,
              total - last,
              counts.failed(),
              counts.unknown(),
              faults.count(),
              faults.describe()));
      last = total;
    }
  }

  private void join(List<Thread> threads, int secondsMax) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    for (Thread thread : threads) {
      while (thread.isAlive() && System.nanoTime() - deadline < 0) {
        thread.join(PROGRESS_MILLIS);
        lookAtNodes();
        progress.accept("waiting for the end of " + thread.getName());
      }
      if (thread.isAlive()) {
        problems.add(thread.getName() + " did not end within " + secondsMax + " s.");
      }
    }
  }

  private void readEverything(Workload workload) throws IOException, InterruptedException {
    int readers = Math.min(2, settings.clients());
    int problemsBefore = problems.size();
    for (int i = 0; i < readers; i++) {
      int client = i;
      try {
        if (!repeat("reading everything", () -> workload.readAll(client), RECOVERY_SECONDS_MAX)) {
          if (problems.size() == problemsBefore) {
            problems.add(
                "Not everything could be read within "
                    + RECOVERY_SECONDS_MAX
                    + " s after the last fault.");
          }
          return;
        }
      } catch (BrokenPromiseException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Something that may have to be tried several times. */
  private interface Try {
    boolean succeeds() throws IOException;
  }

  /** Tries until it succeeds, the time is over, a node ends by itself or the run is interrupted. */
  private boolean repeat(String what, Try attempt, int secondsMax)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(secondsMax);
    int problemsBefore = problems.size();
    while (!isInterrupted()) {
      if (attempt.succeeds()) {
        return true;
      }
      lookAtNodes();
      if (problems.size() > problemsBefore) {
        return false;
      }
      double passed = (System.nanoTime() - start) / 1e9;
      progress.accept(String.format(Locale.ROOT, "%s, %.0f of %d s", what, passed, secondsMax));
      if (System.nanoTime() - deadline > 0
          || interrupted.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }
}
