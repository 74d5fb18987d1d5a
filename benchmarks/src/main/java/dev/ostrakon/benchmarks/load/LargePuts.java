package dev.ostrakon.benchmarks.load;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.NodeReport;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.protocol.NodeStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * What puts of large values cost, a number at a time, beside the same one after the other: time,
 * and entries of the logs. A value that is sent again and logged again shows in both.
 *
 * <p>Arguments: an address of a cluster (default 127.0.0.1:7101), pairs of runs (default 5), values
 * (default 60), bytes of a value (default 1 MiB). Leaves its keys, {@code large-put/...}, deleted.
 */
public final class LargePuts {
  private static final int[] AT_A_TIME = {8, 40, 60};
  private static final ClientConfig CONFIG =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(60_000, 2_000));

  private final OstrakonClient client;
  private final int count;
  private final String value;

  private LargePuts(OstrakonClient client, int count, int bytes) {
    this.client = client;
    this.count = count;
    this.value = "v".repeat(bytes);
  }

  /** One run of all puts. */
  private record Run(double seconds, long entries) {}

  public static void main(String[] arguments) throws InterruptedException {
    Queue<String> left = new ArrayDeque<>(List.of(arguments));
    String address = left.isEmpty() ? "127.0.0.1:7101" : left.remove();
    int pairs = left.isEmpty() ? 5 : Integer.parseInt(left.remove());
    int count = left.isEmpty() ? 60 : Integer.parseInt(left.remove());
    int bytes = left.isEmpty() ? 1 << 20 : Integer.parseInt(left.remove());
    try (OstrakonClient client = OstrakonClient.connect(CONFIG, address)) {
      LargePuts puts = new LargePuts(client, count, bytes);
      puts.run(1); // Nothing is loaded and compiled yet.
      for (int atATime : AT_A_TIME) {
        puts.compare(atATime, pairs);
      }
      puts.delete();
    }
  }

  private void compare(int atATime, int pairs) throws InterruptedException {
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      // The order alternates, so that what changes over time favours neither.
      Run first = run(pair % 2 == 0 ? 1 : atATime);
      Run second = run(pair % 2 == 0 ? atATime : 1);
      Run one = pair % 2 == 0 ? first : second;
      Run many = pair % 2 == 0 ? second : first;
      ratios[pair] = many.seconds() / one.seconds();
      print(
          "%d at a time: %.2f s, %d entries; one after the other: %.2f s, %d entries; ratio %.2f",
          atATime, many.seconds(), many.entries(), one.seconds(), one.entries(), ratios[pair]);
    }
    Arrays.sort(ratios);
    print("%d at a time: median ratio %.3f", atATime, ratios[pairs / 2]);
  }

  private Run run(int atATime) throws InterruptedException {
    long entriesBefore = entries();
    long started = System.nanoTime();
    Semaphore slots = new Semaphore(atATime);
    List<CompletableFuture<?>> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      slots.acquire();
      all.add(client.put(key(i), value).whenComplete((done, cause) -> slots.release()));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Run(seconds, entries() - entriesBefore);
  }

  private void delete() {
    List<CompletableFuture<?>> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(client.delete(key(i)));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
  }

  private static String key(int i) {
    return "large-put/" + i;
  }

  /** Entries in the logs of all groups of data. */
  private long entries() {
    long entries = 0;
    for (NodeReport report : client.status().join()) {
      for (NodeStatus.Replica replica :
          report.status().map(NodeStatus::replicas).orElse(List.of())) {
        boolean isData = !replica.group().equals(GroupId.CONTROLLER);
        entries +=
            isData && replica.role() == NodeStatus.Role.LEADER ? replica.log().lastIndex() : 0;
      }
    }
    return entries;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
