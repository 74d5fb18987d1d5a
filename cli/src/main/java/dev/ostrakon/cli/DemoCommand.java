package dev.ostrakon.cli;

import dev.ostrakon.cli.demo.Chaos;
import dev.ostrakon.client.NodeReport;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.examples.bank.AuditFailedException;
import dev.ostrakon.examples.bank.Bank;
import dev.ostrakon.examples.bank.BankProgress;
import dev.ostrakon.examples.bank.BankReport;
import dev.ostrakon.examples.bank.BankRun;
import dev.ostrakon.examples.bank.Booking;
import dev.ostrakon.examples.bank.LedgerFile;
import dev.ostrakon.examples.bank.LedgerReplay;
import dev.ostrakon.examples.bank.RandomTransfers;
import dev.ostrakon.node.embedded.EmbeddedCluster;
import dev.ostrakon.node.embedded.EmbeddedOptions;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.TxnCounts;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the bank, on a cluster of its own or on one that is there. */
@Command(
    name = "demo",
    description = {
      "Runs a bank on a cluster of real nodes: random transfers that leave no account below zero,"
          + " while an auditor reads all balances at once; or a ledger, replayed and compared.",
      "The nodes run in this process unless --cluster or $OSTRAKON_CLUSTER names others. There all"
          + " keys begin with a prefix of their own, and are removed at the end."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon demo --quick",
      "  ostrakon demo --chaos --seconds 60",
      "  ostrakon demo --ledger bank.csv",
      "  ostrakon demo --ledger bank.csv --cluster 127.0.0.1:7101,127.0.0.1:7102"
    })
final class DemoCommand extends ClusterCall {
  private static final int POLL_MILLIS = 250;
  private static final int SECONDS = 20;
  private static final int QUICK_SECONDS = 4;
  private static final int QUICK_ROWS = 2_000;
  private static final int CHAOS_NODES_MIN = 3;

  @Option(names = "--quick", description = "Finish within 15 seconds.")
  private boolean quick;

  @Option(
      names = "--ledger",
      paramLabel = "FILE.csv",
      description = "Replay columns id,date,account,counterparty,amount,balance.")
  private @Nullable Path ledger;

  @Option(names = "--nodes", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int nodes = 3;

  @Option(names = "--groups", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int groups = 3;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Transfers at a time. Default: ${DEFAULT-VALUE}.")
  private int clients = 64;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long random transfers go on. Default: " + SECONDS + ".")
  private @Nullable Integer seconds;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "Of random transfers. Default: ${DEFAULT-VALUE}.")
  private int accounts = 1_000;

  @Option(names = "--chaos", description = "Kill leaders and cut links all along.")
  private boolean chaos;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the nodes' data there. Default: a temporary folder.")
  private @Nullable Path data;

  @Option(
      names = "--keep",
      description = "Leave the keys of this run on the cluster. Default: remove them.")
  private boolean keep;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      converter = SeedConverter.class,
      description = "Draws transfers and faults. Default: one that differs each time.")
  private @Nullable Long seed;

  @Override
  public Integer call() throws CommandFailedException {
    validate();
    List<Booking> rows = rows();
    Long given = seed;
    long drawn = given != null ? given : System.nanoTime() & 0xFFFF_FFFFL;
    LiveLine live = new LiveLine(err());
    BankReport report =
        isClusterNamed() ? onCluster(rows, drawn, live) : embedded(rows, drawn, live);
    live.end();
    report.problems().forEach(problem -> err().println("bank: " + problem));
    print(report.toLine(), line -> BankJson.writeTo(line, report, drawn));
    return report.isOk() ? Main.OK : Main.FAILED;
  }

  private void validate() {
    requireUsage(nodes >= 1 && nodes <= 9, "--nodes must be in [1, 9].");
    requireUsage(groups >= 1 && groups <= 64, "--groups must be in [1, 64].");
    requireUsage(clients >= 1 && clients <= 4_096, "--clients must be in [1, 4096].");
    requireUsage(seconds == null || seconds >= 1, "--seconds must be at least 1.");
    requireUsage(
        accounts >= 2 && accounts <= RandomTransfers.ACCOUNTS_MAX,
        "--accounts must be in [2, "
            + RandomTransfers.ACCOUNTS_MAX
            + "]: the auditor reads all of them in one transaction.");
    String own =
        " is for nodes of its own, but a cluster is named; to start nodes, leave --cluster";
    requireUsage(
        !chaos || !isClusterNamed(), "--chaos" + own + " out and $OSTRAKON_CLUSTER empty.");
    requireUsage(
        data == null || !isClusterNamed(), "--data" + own + " out and $OSTRAKON_CLUSTER empty.");
    requireUsage(
        !chaos || nodes >= CHAOS_NODES_MIN,
        "--chaos needs --nodes " + CHAOS_NODES_MIN + " or more, so that a majority lives.");
  }

  private void requireUsage(boolean holds, String sentence) {
    if (!holds) {
      throw usage(sentence);
    }
  }

  /** The ledger; empty if there is none to be replayed. */
  private List<Booking> rows() throws CommandFailedException {
    Path file = ledger;
    if (file == null) {
      return List.of();
    }
    try {
      List<Booking> all = LedgerFile.read(file);
      if (all.isEmpty()) {
        throw usage("The ledger " + file + " has no rows.");
      }
      return quick ? all.subList(0, Math.min(all.size(), QUICK_ROWS)) : all;
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(Main.USAGE, "There is no file " + file + ".", e);
    } catch (LedgerFile.MalformedLedgerException e) {
      throw new CommandFailedException(Main.USAGE, e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new CommandFailedException(Main.USAGE, "The ledger cannot be read: " + e + ".", e);
    }
  }

  private BankReport onCluster(List<Booking> rows, long drawn, LiveLine live)
      throws CommandFailedException {
    try (OstrakonClient client = connect()) {
      await(client.ready());
      live.say("demo: on the cluster at " + String.join(", ", addresses()) + ", seed " + drawn);
      OwnKeys keys = OwnKeys.choose(cluster(), client, live, "demo");
      BankRun work = work(new Bank(client, keys.prefix()), rows, drawn);
      OwnKeys.AtEnd atEnd = OwnKeys.AtEnd.of(keep);
      interruption().setLastWords(() -> lastWords(work, keys.lastWords(atEnd)));
      return keys.<BankReport, CommandFailedException>use(
          atEnd, () -> run(client, work, live, () -> ""));
    }
  }

  /** What is known of a run that does not end. */
  private static List<String> lastWords(BankRun work, List<String> more) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "bank: INTERRUPTED transfers="
            + work.progress().transfers()
            + " refused="
            + work.progress().refused());
    lines.addAll(more);
    return lines;
  }

  private BankReport embedded(List<Booking> rows, long drawn, LiveLine live)
      throws CommandFailedException {
    Path given = data;
    if (given != null) {
      requireUsage(isEmptyFolder(given), "--data expects a new or an empty folder: " + given);
      return embedded(rows, drawn, live, given);
    }
    TemporaryFolder folder = TemporaryFolder.create("ostrakon-demo-");
    interruption().setLastWords(() -> deleted(folder));
    try {
      return embedded(rows, drawn, live, folder.path());
    } finally {
      folder.delete();
    }
  }

  private static List<String> deleted(TemporaryFolder folder) {
    return folder.delete()
        ? List.of("bank: INTERRUPTED")
        : List.of("bank: INTERRUPTED", "demo: the nodes' data are left in " + folder.path());
  }

  private BankReport embedded(List<Booking> rows, long drawn, LiveLine live, Path folder)
      throws CommandFailedException {
    EmbeddedOptions shape =
        EmbeddedOptions.DEFAULTS.withNodes(nodes).withGroups(groups).withFolder(folder);
    EmbeddedOptions options = chaos ? shape.withCuttableLinks() : shape;
    String what = nodes + " nodes with " + groups + " groups, seed " + drawn;
    live.say("demo: starting " + what);
    try (EmbeddedCluster cluster =
            live.<EmbeddedCluster, RuntimeException>during(
                "demo: starting " + what, () -> EmbeddedCluster.start(options));
        OstrakonClient client = connect(cluster.addresses())) {
      BankRun work = work(new Bank(client), rows, drawn);
      if (!chaos) {
        return run(client, work, live, () -> "");
      }
      try (Chaos faults = Chaos.start(cluster, groups, new RandomSource(drawn).fork("chaos"))) {
        BankReport report = run(client, work, live, () -> ", " + faults.describe());
        live.say("demo: " + faults.describe());
        return report;
      }
    } catch (IllegalStateException e) {
      throw new CommandFailedException("The cluster failed: " + e.getMessage() + ".", e);
    }
  }

  private static boolean isEmptyFolder(Path folder) {
    String[] names = folder.toFile().list();
    return Files.notExists(folder) || (names != null && names.length == 0);
  }

  private BankRun work(Bank bank, List<Booking> rows, long drawn) {
    if (!rows.isEmpty()) {
      return new LedgerReplay(bank, rows, clients);
    }
    int duration = seconds != null ? seconds : quick ? QUICK_SECONDS : SECONDS;
    return new RandomTransfers(bank, new RandomTransfers.Shape(accounts, clients, duration, drawn));
  }

  private BankReport run(
      OstrakonClient client, BankRun work, LiveLine live, Supplier<String> faults)
      throws CommandFailedException {
    interruption().onRequest(work::stop);
    ExecutorService runner = Executors.newSingleThreadExecutor();
    try {
      follow(runner.submit(() -> prepare(work)), live, () -> "demo: opening accounts");
      TxnCounts before = counts(client);
      long startNanos = System.nanoTime();
      BankReport report =
          follow(
              runner.submit(work::run),
              live,
              () -> describe(work.progress(), startNanos) + faults.get());
      if (interruption().isRequested()) {
        live.say("demo: interrupted; this is how far it came");
      }
      return report.withFastPath(counts(client).fastShareSince(before).orElse(Double.NaN));
    } finally {
      runner.shutdownNow();
    }
  }

  private static boolean prepare(BankRun work) throws InterruptedException {
    work.prepare();
    return true;
  }

  /** Waits for the end of it and shows how far it is meanwhile. */
  private static <T> T follow(Future<T> running, LiveLine live, Supplier<String> text)
      throws CommandFailedException {
    try {
      while (true) {
        try {
          return running.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          live.show(text.get());
        }
      }
    } catch (ExecutionException e) {
      live.end();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof AuditFailedException audit
          ? new CommandFailedException("The bank is broken: " + audit.getMessage() + ".", audit)
          : CallFailures.of(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("Interrupted.", e);
    }
  }

  private String describe(BankProgress progress, long startNanos) {
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "demo: %.0f s, %d transfers (%.0f/s), %d refused%s, p50 %.1f ms, p99 %.1f ms",
        elapsed,
        progress.transfers(),
        progress.transfers() / elapsed,
        progress.refused(),
        ledger == null ? ", " + progress.audits() + " audits" : "",
        progress.latencyMillis(50),
        progress.latencyMillis(99));
  }

  /** What the nodes that answer have decided. */
  private TxnCounts counts(OstrakonClient client) throws CommandFailedException {
    List<NodeStatus> answers =
        await(client.status()).stream().flatMap((NodeReport r) -> r.status().stream()).toList();
    return TxnCounts.of(answers);
  }
}
