package dev.ostrakon.benchmarks.raft;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how many entries a second three processes on this machine replicate, with durable logs,
 * over loopback, and how many file syncs that takes; see docs/BENCHMARKS.md.
 */
public final class RaftThroughputBenchmark {

  private static final String USAGE =
      """
      Usage: RaftThroughputBenchmark [--seconds N] [--warmup N] [--value-bytes N]
               [--groups N,..] [--inflight N,..] [--rates N,..] [--repeat N] [--folder DIR] [--jvm OPTION]..
      """;

  /**
   * What to measure.
   *
   * @param groups numbers of groups, each on a cluster of its own
   * @param inFlight numbers of proposals in flight over all groups, one after the other
   * @param rates proposals a second over all groups, one after the other
   */
  private record Plan(
      int seconds,
      int warmup,
      int valueBytes,
      int repeat,
      List<Integer> groups,
      List<Integer> inFlight,
      List<Integer> rates,
      Path folder,
      List<String> jvmOptions) {}

  private final PrintStream out;
  private final Plan plan;

  private RaftThroughputBenchmark(PrintStream out, Plan plan) {
    this.out = out;
    this.plan = plan;
  }

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    new RaftThroughputBenchmark(out, plan(args)).run();
  }

  private static Plan plan(String[] args) throws IOException {
    int seconds = 10;
    int warmup = 5;
    int valueBytes = 100;
    int repeat = 1;
    List<Integer> groups = List.of(1, 16);
    List<Integer> inFlight = List.of(1, 64, 1024);
    List<Integer> rates = List.of(2000, 8000);
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    List<String> jvmOptions = new ArrayList<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--seconds" -> seconds = Integer.parseInt(value);
        case "--warmup" -> warmup = Integer.parseInt(value);
        case "--value-bytes" -> valueBytes = Integer.parseInt(value);
        case "--repeat" -> repeat = Integer.parseInt(value);
        case "--groups" -> groups = numbers(value);
        case "--inflight" -> inFlight = numbers(value);
        case "--rates" -> rates = numbers(value);
        case "--folder" -> parent = Path.of(value);
        case "--jvm" -> jvmOptions.add(value);
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException(USAGE);
    }
    Path folder = Files.createTempDirectory(parent, "ostrakon-raft-benchmark");
    return new Plan(
        seconds, warmup, valueBytes, repeat, groups, inFlight, rates, folder, jvmOptions);
  }

  private static List<Integer> numbers(String list) {
    List<Integer> numbers = new ArrayList<>();
    if (list.equals("none")) {
      return numbers;
    }
    for (String number : list.split(",", -1)) {
      numbers.add(Integer.parseInt(number));
    }
    return numbers;
  }

  private void run() throws IOException {
    out.println(
        "| groups | load | entries/s | p50 us | p99 us | max ms"
            + " | syncs per entry, leader | followers | syncs/s, leader | log bytes per entry"
            + " | cpu us per entry, leader | followers | messages per frame, leader |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (int round = 0; round < plan.repeat(); round++) {
      for (int groups : plan.groups()) {
        try (BenchmarkCluster cluster =
            BenchmarkCluster.start(plan.folder(), groups, plan.valueBytes(), plan.jvmOptions())) {
          for (int inFlight : plan.inFlight()) {
            measure(cluster, new Load(groups, "load", inFlight));
          }
          for (int rate : plan.rates()) {
            measure(cluster, new Load(groups, "rate", rate));
          }
        }
      }
    }
  }

  /**
   * One row of the table.
   *
   * @param verb the node's word for the kind of load
   */
  private record Load(int groups, String verb, int amount) {
    @Override
    public String toString() {
      return verb.equals("rate") ? amount + "/s" : amount + " in flight";
    }
  }

  private void measure(BenchmarkCluster cluster, Load load) throws IOException {
    cluster.leader().ask(load.verb() + " " + load.amount());
    cluster.leader().run(plan.warmup() * 1000L);
    List<Sample> before = cluster.sample();
    cluster.leader().run(plan.seconds() * 1000L);
    List<Sample> after = cluster.sample();
    cluster.leader().ask(load.verb() + " 0");
    awaitIdle(cluster);
    report(load, before, after);
  }

  private static void awaitIdle(BenchmarkCluster cluster) throws IOException {
    while (cluster.leader().sample().inFlight() > 0) {
      cluster.leader().run(10);
    }
  }

  private void report(Load load, List<Sample> before, List<Sample> after) {
    Sample start = before.get(0);
    Sample end = after.get(0);
    double entries = end.applied() - start.applied();
    double seconds = (end.nanos() - start.nanos()) / 1e9;
    double followerSyncs = 0;
    double followerCpuNanos = 0;
    for (int node = 1; node < after.size(); node++) {
      followerSyncs += after.get(node).syncs() - before.get(node).syncs();
      followerCpuNanos += after.get(node).cpuNanos() - before.get(node).cpuNanos();
    }
    int followers = after.size() - 1;
    double syncs = end.syncs() - start.syncs();
    out.printf(
        Locale.ROOT,
        "| %d | %s | %.0f | %.0f | %.0f | %.1f | %.4f | %.4f | %.0f | %.0f | %.1f | %.1f | %.1f"
            + " |%n",
        load.groups(),
        load,
        entries / seconds,
        end.p50Nanos() / 1e3,
        end.p99Nanos() / 1e3,
        end.maxNanos() / 1e6,
        syncs / entries,
        followerSyncs / followers / entries,
        syncs / seconds,
        (end.logBytes() - start.logBytes()) / entries,
        (end.cpuNanos() - start.cpuNanos()) / 1e3 / entries,
        followerCpuNanos / followers / 1e3 / entries,
        (double) (end.messagesSent() - start.messagesSent())
            / (end.framesSent() - start.framesSent()));
    if (end.failed() > start.failed() || end.messagesDropped() > start.messagesDropped()) {
      out.printf(
          "failed=%d dropped=%d%n",
          end.failed() - start.failed(), end.messagesDropped() - start.messagesDropped());
    }
  }
}
