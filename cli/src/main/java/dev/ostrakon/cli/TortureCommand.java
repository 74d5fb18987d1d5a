package dev.ostrakon.cli;

import dev.ostrakon.cli.history.HistoryFile;
import dev.ostrakon.cli.torture.Fault;
import dev.ostrakon.cli.torture.TortureReport;
import dev.ostrakon.cli.torture.TortureRunner;
import dev.ostrakon.cli.torture.TortureSettings;
import dev.ostrakon.cli.torture.TortureSettings.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "  ostrakon torture --spawn 3 --workload append --faults kill,pause,partition"
          + " --seconds 60 --history append.edn",
      "  ostrakon torture --cluster 127.0.0.1:7101 --workload bank --history bank.edn"
    })
final class TortureCommand implements Callable<Integer> {
  private static final String CLUSTER_VARIABLE = "OSTRAKON_CLUSTER";
  private static final int CHECK_SECONDS = 300;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Nodes of a cluster that runs. Default: $" + CLUSTER_VARIABLE + ".")
  private List<String> cluster = List.of();

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
      description = "What goes wrong: ${COMPLETION-CANDIDATES}. Needs --spawn. Default: nothing.")
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
      names = "--no-check",
      negatable = false,
      description = "Write the history only; do not check it.")
  private boolean unchecked;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    List<String> addresses = validate();
    TortureSettings settings = settings();
    LiveLine live = new LiveLine(err());
    live.say("torture: seed " + settings.seed());
    TortureRunner runner = new TortureRunner(settings, line -> live.show("torture: " + line));
    Integer nodes = spawn;
    try {
      return nodes == null
          ? judge(runner.against(addresses), settings.history(), live)
          : spawning(runner, nodes, settings.history(), live);
    } catch (IOException e) {
      throw new CommandFailedException("The torture broke off: " + e.getMessage() + ".", e);
    } finally {
      live.end();
    }
  }

  /** Prints how it went and what the history says; returns the exit code. */
  private int judge(TortureReport report, Path file, LiveLine live) throws CommandFailedException {
    live.end();
    report.problems().forEach(problem -> err().println("torture: " + problem));
    out().println(toText(report));
    int checked =
        unchecked ? Main.OK : CheckCommand.check(file, CHECK_SECONDS, false, out(), this::usage);
    return report.problems().isEmpty() ? checked : Main.FAILED;
  }

  /** Finds wrong usage; returns the nodes to ask, which may be none if some are to be started. */
  private List<String> validate() {
    requireUsage(clients >= 1 && clients <= 1_000, "--clients must be in [1, 1000].");
    requireUsage(seconds >= 1, "--seconds must be at least 1.");
    requireUsage(rate >= 0, "--rate must not be negative.");
    requireUsage(keys >= 2 && keys <= 1_000, "--keys must be in [2, 1000].");
    requireUsage(groups >= 1, "--groups must be at least 1.");
    Integer nodes = spawn;
    requireUsage(nodes == null || (nodes >= 1 && nodes <= 9), "--spawn must be in [1, 9].");
    requireUsage(!faults.contains(Fault.MOVE), "--faults move is not supported yet.");
    requireUsage(
        nodes != null || faults.isEmpty(), "--faults needs --spawn: only own nodes are disturbed.");
    requireUsage(nodes == null || cluster.isEmpty(), "--cluster and --spawn exclude each other.");
    HistoryFile.Form form =
        Objects.requireNonNull(workload) == Kind.REGISTER
            ? HistoryFile.Form.JSON_LINES
            : HistoryFile.Form.EDN;
    requireUsage(
        HistoryFile.Form.of(Objects.requireNonNull(history)).filter(form::equals).isPresent(),
        "--history must end in "
            + (form == HistoryFile.Form.EDN ? ".edn" : ".jsonl or .json")
            + " for this workload.");
    if (nodes != null || !cluster.isEmpty()) {
      return cluster;
    }
    String variable = System.getenv(CLUSTER_VARIABLE);
    requireUsage(
        variable != null && !variable.isEmpty(),
        "--cluster or --spawn is missing, and $" + CLUSTER_VARIABLE + " is not set.");
    return List.of(String.valueOf(variable).split(","));
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
        Objects.requireNonNull(history));
  }

  private int spawning(TortureRunner runner, int nodes, Path file, LiveLine live)
      throws IOException, InterruptedException, CommandFailedException {
    Path given = data;
    Path folder =
        given == null
            ? Files.createTempDirectory("ostrakon-torture")
            : Files.createDirectories(given);
    err().println("torture: data and logs of the nodes are in " + folder);
    int code = judge(runner.spawning(nodes, groups, folder, faults), file, live);
    if (given == null && code == Main.OK) {
      delete(folder);
    }
    return code;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String toText(TortureReport report) {
    return String.format(
        Locale.ROOT,
        "torture: %s ops=%d ok=%d fail=%d unknown=%d faults=%d seconds=%.1f",
        report.problems().isEmpty() ? "OK" : "FAILED",
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

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private PrintWriter err() {
    return spec().commandLine().getErr();
  }
}
