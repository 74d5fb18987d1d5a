package dev.ostrakon.cli;

import dev.ostrakon.cli.history.HistoryFile;
import dev.ostrakon.cli.torture.Fault;
import dev.ostrakon.cli.torture.SpawnSettings;
import dev.ostrakon.cli.torture.TortureReport;
import dev.ostrakon.cli.torture.TortureRunner;
import dev.ostrakon.cli.torture.TortureSettings;
import dev.ostrakon.cli.torture.TortureSettings.Kind;
import dev.ostrakon.client.OstrakonClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Drives a workload against a cluster, with or without faults, and writes and checks a history. */
@Command(
    name = "torture",
    description = "Drives a workload while things go wrong, and checks what clients were told.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon torture --spawn 3 --workload register --history register.jsonl",
      "  ostrakon torture --spawn 3 --workload append --seconds 60 \\",
      "    --faults kill,pause,partition --history append.edn",
      "  ostrakon torture --cluster 127.0.0.1:7101 --workload bank --history bank.edn"
    })
final class TortureCommand implements Callable<Integer> {
  private static final int CHECK_SECONDS = 300;
  private static final Pattern HEAP = Pattern.compile("[1-9]\\d{0,11}[kKmMgG]");

  /** What goes on, for the progress line; empty if something else shows its own. */
  private final AtomicReference<String> phase = new AtomicReference<>("torture: starting");

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--spawn",
      paramLabel = "N",
      description = "Start N nodes for the purpose, as processes that end with this one.")
  private @Nullable Integer spawn;

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      required = true,
      description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Kind workload;

  @Option(names = "--clients", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int clients = 8;

  @Option(names = "--seconds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int seconds = 30;

  @Option(
      names = "--faults",
      paramLabel = "NAME",
      split = ",",
      description =
          "What goes wrong: ${COMPLETION-CANDIDATES}. Needs --spawn. Default: nothing. (MOVE: not"
              + " yet.)")
  private Set<Fault> faults = EnumSet.noneOf(Fault.class);

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      converter = SeedConverter.class,
      description = "Draws operations and faults. Default: one that differs each time.")
  private @Nullable Long seed;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      required = true,
      description = "The file to write: .jsonl or .json for registers, else .edn.")
  private @Nullable Path history;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Operations a second at most, 0 for as many as go. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--groups",
      paramLabel = "N",
      description = "Shard groups of the nodes that are started. Default: ${DEFAULT-VALUE}.")
  private int groups = 3;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Heap of each node that is started, 256m for instance. Default: 512m.")
  private String heap = SpawnSettings.DEFAULT_HEAP;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data and logs of these nodes. Default: a temporary folder.")
  private @Nullable Path data;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Registers, lists in use at a time, or accounts. Default: ${DEFAULT-VALUE}.")
  private int keys = 10;

  @Option(
      names = "--keep",
      description = "Leave the keys of this run on the cluster. Default: remove them.")
  private boolean keep;

  @Option(
      names = "--no-check",
      negatable = false,
      description = "Write the history only; do not check it.")
  private boolean unchecked;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    validate();
    if (faults.contains(Fault.MOVE)) {
      throw new CommandFailedException(
          Main.REFUSED, "--faults move: slots cannot be moved yet.", null);
    }
    List<String> addresses = spawn == null ? cluster.addresses() : List.of();
    TortureSettings settings = settings();
    LiveLine live = new LiveLine(err());
    live.say("torture: seed " + settings.seed());
    TortureRunner runner = new TortureRunner(settings, line -> phase.set("torture: " + line));
    interruption().onRequest(runner::stop);
    Integer nodes = spawn;
    LiveLine.Ticker ticker = live.tick(phase::get);
    try {
      return nodes == null
          ? onCluster(runner, addresses, settings, live)
          : spawning(runner, nodes, settings.history(), live);
    } catch (IOException e) {
      throw brokenOff(e);
    } finally {
      ticker.close();
    }
  }

  private int onCluster(
      TortureRunner runner, List<String> addresses, TortureSettings settings, LiveLine live)
      throws CommandFailedException {
    try (OstrakonClient client = cluster.connect(addresses)) {
      cluster.await(client.ready());
      OwnKeys keys = OwnKeys.of(cluster, client, live, "torture", settings.keyPrefix());
      OwnKeys.AtEnd atEnd = OwnKeys.AtEnd.of(keep);
      interruption().setLastWords(() -> lastWords(settings.history(), keys.lastWords(atEnd)));
      return keys.<Integer, CommandFailedException>use(
          atEnd, () -> against(runner, addresses, settings.history(), live));
    }
  }

  private int against(TortureRunner runner, List<String> addresses, Path file, LiveLine live)
      throws CommandFailedException {
    try {
      return judge(runner.against(addresses), file, live);
    } catch (IOException e) {
      throw brokenOff(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw brokenOff(e);
    }
  }

  private static CommandFailedException brokenOff(Exception cause) {
    return new CommandFailedException("The torture broke off: " + cause.getMessage() + ".", cause);
  }

  private static List<String> lastWords(Path file, List<String> more) {
    List<String> lines = new ArrayList<>();
    lines.add("torture: INTERRUPTED; the history so far is in " + file);
    lines.addAll(more);
    return lines;
  }

  /** Prints how it went and what the history says; returns the exit code. */
  private int judge(TortureReport report, Path file, LiveLine live) throws CommandFailedException {
    phase.set("");
    live.end();
    report.problems().forEach(problem -> err().println("torture: " + problem));
    report.usage().forEach(line -> out().println("torture: " + line));
    out().println(toText(report));
    if (report.isInterrupted()) {
      err().println("torture: interrupted; the history so far is in " + file);
      return Main.OK;
    }
    boolean checks = !unchecked && report.ops() > 0;
    int checked = !checks ? Main.OK : new HistoryCheck(spec(), file, CHECK_SECONDS).run(false);
    return report.problems().isEmpty() ? checked : Main.FAILED;
  }

  /** Finds wrong usage. */
  private void validate() {
    requireUsage(clients >= 1 && clients <= 1_000, "--clients must be in [1, 1000].");
    requireUsage(seconds >= 1, "--seconds must be at least 1.");
    requireUsage(rate >= 0, "--rate must not be negative.");
    requireUsage(keys >= 2 && keys <= 1_000, "--keys must be in [2, 1000].");
    requireUsage(groups >= 1, "--groups must be at least 1.");
    requireUsage(
        HEAP.matcher(heap).matches(),
        "--heap expects a size such as 256m or 1g, was \"" + heap + "\".");
    Integer nodes = spawn;
    requireUsage(nodes == null || (nodes >= 1 && nodes <= 9), "--spawn must be in [1, 9].");
    requireUsage(
        nodes != null || faults.isEmpty(), "--faults needs --spawn: only own nodes are disturbed.");
    requireUsage(nodes == null || !cluster.isGiven(), "--cluster and --spawn exclude each other.");
    Path file = Objects.requireNonNull(history);
    HistoryFile.Form form =
        Objects.requireNonNull(workload) == Kind.REGISTER
            ? HistoryFile.Form.JSON_LINES
            : HistoryFile.Form.EDN;
    requireUsage(
        HistoryFile.Form.of(file).filter(form::equals).isPresent(),
        "--history must end in "
            + (form == HistoryFile.Form.EDN ? ".edn" : ".jsonl or .json")
            + " for this workload.");
    Path folder = file.toAbsolutePath().getParent();
    requireUsage(
        folder != null && Files.isDirectory(folder),
        "--history " + file + ": there is no such folder.");
    requireUsage(
        nodes != null || cluster.isNamed(),
        "--cluster or --spawn is missing, and $"
            + ClusterOptions.CLUSTER_VARIABLE
            + " is not set.");
  }

  private TortureSettings settings() {
    Long given = seed;
    return new TortureSettings(
        Objects.requireNonNull(workload),
        clients,
        seconds,
        keys,
        rate,
        given != null ? given : System.nanoTime() & 0xFFFF_FFFFL,
        Objects.requireNonNull(history),
        "torture-" + Long.toString(System.currentTimeMillis(), 36) + "/");
  }

  private int spawning(TortureRunner runner, int nodes, Path file, LiveLine live)
      throws IOException, InterruptedException, CommandFailedException {
    Path given = data;
    if (given != null) {
      Files.createDirectories(given);
      live.say("torture: data and logs of the nodes are in " + given);
      interruption().setLastWords(() -> lastWords(file, List.of()));
      return judge(runner.spawning(spawn(nodes, given)), file, live);
    }
    TemporaryFolder folder = TemporaryFolder.create("ostrakon-torture-");
    live.say("torture: data and logs of the nodes are in " + folder.path());
    interruption().setLastWords(() -> lastWords(file, deleted(folder)));
    int code = Main.FAILED;
    try {
      code = judge(runner.spawning(spawn(nodes, folder.path())), file, live);
    } finally {
      if (code == Main.OK || interruption().isRequested()) {
        folder.delete();
      } else {
        live.say("torture: data and logs of the nodes stay in " + folder.path());
      }
    }
    return code;
  }

  private SpawnSettings spawn(int nodes, Path folder) {
    return new SpawnSettings(nodes, groups, heap, folder, faults);
  }

  private static List<String> deleted(TemporaryFolder folder) {
    return folder.delete()
        ? List.of()
        : List.of("torture: the nodes' data are in " + folder.path());
  }

  private static String toText(TortureReport report) {
    return String.format(
        Locale.ROOT,
        "torture: %s ops=%d ok=%d fail=%d unknown=%d faults=%d seconds=%.1f",
        report.isInterrupted() ? "INTERRUPTED" : report.problems().isEmpty() ? "OK" : "FAILED",
        report.ops(),
        report.ok(),
        report.failed(),
        report.unknown(),
        report.faults(),
        report.seconds());
  }

  private void requireUsage(boolean holds, String sentence) {
    if (!holds) {
      throw usage(sentence);
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec().commandLine(), sentence);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec before the call");
  }

  private Interruption interruption() {
    return Main.interruption(spec());
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private PrintWriter err() {
    return spec().commandLine().getErr();
  }
}
