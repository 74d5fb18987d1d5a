package dev.ostrakon.cli;

import dev.ostrakon.client.Batch;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Scan;
import dev.ostrakon.client.ScanResult;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Deletes all keys that begin with a prefix, page by page, in batches of a bounded number. */
final class KeyRemoval {
  private static final int PAGE_KEYS = 1_000;
  private static final int BATCH_KEYS = 100;
  private static final int IN_FLIGHT = 8;

  /** A last request of unknown outcome can take effect after its key was deleted. */
  private static final int PASSES_MAX = 3;

  private final ClusterOptions cluster;
  private final OstrakonClient client;
  private final String prefix;
  private final AtomicLong removed = new AtomicLong();
  private volatile boolean isStopped;

  KeyRemoval(ClusterOptions cluster, OstrakonClient client, String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("a prefix has at least one character");
    }
    this.cluster = cluster;
    this.client = client;
    this.prefix = prefix;
  }

  /** How many keys are deleted so far; any thread. */
  long removed() {
    return removed.get();
  }

  /** Ends the run early; any thread. */
  void stop() {
    isStopped = true;
  }

  /** Deletes the keys until none is found or it is stopped; returns how many they were. */
  long run() throws CommandFailedException {
    for (int pass = 0; pass < PASSES_MAX && !isStopped; pass++) {
      long before = removed.get();
      removeOnce();
      if (removed.get() == before) {
        break;
      }
    }
    return removed.get();
  }

  private void removeOnce() throws CommandFailedException {
    ArrayDeque<CompletableFuture<?>> open = new ArrayDeque<>();
    Optional<Scan> next = Optional.of(Scan.prefix(prefix).limit(PAGE_KEYS));
    while (next.isPresent() && !isStopped) {
      ScanResult page = cluster.await(client.scan(next.get()));
      List<ScanResult.Entry> entries = page.entries();
      for (int from = 0; from < entries.size(); from += BATCH_KEYS) {
        if (open.size() == IN_FLIGHT) {
          cluster.await(open.remove());
        }
        open.add(delete(entries.subList(from, Math.min(entries.size(), from + BATCH_KEYS))));
      }
      next = page.next();
    }
    while (!open.isEmpty()) {
      cluster.await(open.remove());
    }
  }

  private CompletableFuture<?> delete(List<ScanResult.Entry> entries) {
    Batch batch = client.batch();
    entries.forEach(entry -> batch.delete(entry.keyBytes()));
    return batch.commit().thenApply(done -> removed.addAndGet(entries.size()));
  }
}
