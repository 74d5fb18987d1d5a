package dev.ostrakon.cli;

import dev.ostrakon.simulation.Course;
import dev.ostrakon.simulation.SimulationRunner;
import dev.ostrakon.simulation.SimulationRunner.Settings;
import dev.ostrakon.simulation.SimulationRunner.Summary;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.mutant.Mutant;
import dev.ostrakon.simulation.report.RunCounts;
import dev.ostrakon.simulation.report.RunReport;
import dev.ostrakon.simulation.report.SimulationKind;
import dev.ostrakon.simulation.store.StoreMutant;
import dev.ostrakon.simulation.store.StoreRules;
import dev.ostrakon.simulation.store.StoreRun;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs whole clusters on virtual time, each from one seed, and checks them. */
@Command(
    name = "simulate",
    description = "Simulates whole clusters with faults, each from one seed, and checks them.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon simulate --seeds 1000",
      "  ostrakon simulate --minutes 10",
      "  ostrakon simulate --seed 0x2a --trace trace.txt",
      "  ostrakon simulate --kind store --seeds 1000 --from 0x100",
      "  ostrakon simulate --mutant COMMIT_BEYOND_MATCH --seeds 1000"
    })
final class SimulateCommand implements Callable<Integer> {

  private static final int DEFAULT_SEEDS = 200;

  /** How many. */
  private static final class Extent {
    @Option(
        names = "--seed",
        paramLabel = "SEED",
        converter = SeedConverter.class,
        description = "Run this one seed; 0x.. or decimal.")
    private @Nullable Long seed;

    @Option(
        names = "--seeds",
        paramLabel = "N",
        description = "Run N seeds, from --from on. Default: " + DEFAULT_SEEDS + ".")
    private @Nullable Long seeds;

    @Option(
        names = "--minutes",
        paramLabel = "M",
        description = "Run as many seeds as M minutes allow, from --from on.")
    private @Nullable Double minutes;
  }

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(exclusive = true)
  private Extent extent = new Extent();

  @Option(
      names = "--from",
      paramLabel = "SEED",
      converter = SeedConverter.class,
      description = "First seed. Default: 1; with --minutes one that differs each time.")
  private @Nullable Long from;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Seeds to run at once. Default: one for each core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "With --seed: write everything that happens to FILE.")
  private @Nullable Path trace;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      converter = KindConverter.class,
      description =
          "What to simulate: raft (groups of replicas) or store (shard groups, transactions and"
              + " clients). Default: raft.")
  private SimulationKind kind = SimulationKind.RAFT;

  @Option(
      names = "--mutant",
      paramLabel = "NAME",
      description = "Break one rule on purpose; success is that it is noticed.",
      completionCandidates = MutantNames.class)
  private @Nullable String mutant;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    validate();
    Long seed = extent.seed;
    return seed != null ? runOne(seed) : runMany();
  }

  private void validate() {
    requireUsage(threads >= 1, "--threads must be at least 1.");
    Long seeds = extent.seeds;
    requireUsage(seeds == null || seeds >= 1, "--seeds must be at least 1.");
    Double minutes = extent.minutes;
    requireUsage(minutes == null || minutes > 0, "--minutes must be positive.");
    requireUsage(trace == null || extent.seed != null, "--trace needs --seed.");
    requireUsage(from == null || extent.seed == null, "--from and --seed exclude each other.");
  }

  private void requireUsage(boolean holds, String sentence) {
    if (!holds) {
      throw new ParameterException(spec().commandLine(), sentence);
    }
  }

  private CommandSpec spec() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("picocli sets the spec before it calls the command");
    }
    return own;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private Course course() {
    String name = mutant;
    return switch (kind) {
      case RAFT -> Course.raft(name == null ? PortDecorator.NONE : named(Mutant.values(), name));
      case STORE -> {
        StoreRules rules =
            name == null ? StoreRules.STANDARD : named(StoreMutant.values(), name).rules();
        yield (seed, trace) -> StoreRun.of(seed, rules, trace);
      }
    };
  }

  private <E extends Enum<E>> E named(E[] mutants, String name) {
    for (E each : mutants) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    String known = Arrays.stream(mutants).map(Enum::name).collect(Collectors.joining(", "));
    String meant =
        Suggestions.closest(
                name.toUpperCase(Locale.ROOT), Arrays.stream(mutants).map(Enum::name).toList())
            .map(close -> "; did you mean " + close + "?")
            .orElse("");
    throw new ParameterException(
        spec().commandLine(),
        "--mutant "
            + name
            + " is none of "
            + kind.name().toLowerCase(Locale.ROOT)
            + ": "
            + known
            + meant);
  }

  private int runOne(long seed) throws CommandFailedException {
    long start = System.nanoTime();
    String what = String.format(Locale.ROOT, "simulate: seed 0x%x", seed);
    RunReport report =
        new LiveLine(spec().commandLine().getErr())
            .<RunReport, CommandFailedException>during(what, () -> runTraced(seed));
    List<RunReport> failures = report.failed() ? List.of(report) : List.of();
    return end(new Summary(1, report.counts(), failures, System.nanoTime() - start));
  }

  private RunReport runTraced(long seed) throws CommandFailedException {
    Path file = trace;
    if (file == null) {
      return course().run(seed, Trace.silent());
    }
    try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        PrintWriter lines = new PrintWriter(writer)) {
      RunReport report = course().run(seed, Trace.to(lines::println));
      if (lines.checkError()) {
        throw new CommandFailedException("The trace could not be written to " + file + ".");
      }
      return report;
    } catch (IOException e) {
      throw new CommandFailedException(
          Main.USAGE, "The trace could not be written to " + file + ".", e);
    }
  }

  private int runMany() throws InterruptedException {
    Double minutes = extent.minutes;
    Long seeds = extent.seeds;
    long count = seeds != null ? seeds : minutes != null ? Long.MAX_VALUE : DEFAULT_SEEDS;
    long nanos = minutes == null ? Long.MAX_VALUE : (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    Long first = from;
    long firstSeed =
        first != null ? first : minutes == null ? 1 : System.currentTimeMillis() * 1_000_000;
    Settings settings = new Settings(firstSeed, count, nanos, threads, 1, 50, course());
    return end(run(settings, count));
  }

  /** Runs seeds until there are no more, or a signal ends it: then gives what is known so far. */
  private Summary run(Settings settings, long count) throws InterruptedException {
    LiveLine live = new LiveLine(spec().commandLine().getErr());
    AtomicReference<Summary> last = new AtomicReference<>();
    Thread runner = Thread.currentThread();
    Main.interruption(spec()).onRequest(runner::interrupt);
    try {
      return SimulationRunner.run(
          settings,
          ran -> {
            last.set(ran);
            live.show(progress(ran, count));
          });
    } catch (InterruptedException e) {
      Summary known = last.get();
      if (known == null || !Main.interruption(spec()).isRequested()) {
        throw e;
      }
      live.say("simulate: interrupted; this is how far it came");
      return known;
    } finally {
      live.end();
    }
  }

  private static String progress(Summary summary, long count) {
    return String.format(
        Locale.ROOT,
        "%d%s seeds, %.1f simulated hours, %.0f s",
        summary.runs(),
        count == Long.MAX_VALUE ? "" : " of " + count,
        summary.counts().virtualHours(),
        summary.elapsedNanos() / 1e9);
  }

  private int end(Summary summary) {
    boolean asExpected = summary.failures().isEmpty() == (mutant == null);
    if (json) {
      out().println(toJson(summary));
      return asExpected ? Main.OK : Main.FAILED;
    }
    summary.failures().forEach(failure -> out().println(failure.failureLine()));
    out().println(toText(summary));
    if (mutant != null) {
      out().println("mutant " + mutant + (asExpected ? " was caught" : " SURVIVED"));
    }
    return asExpected ? Main.OK : Main.FAILED;
  }

  private static String toText(Summary summary) {
    RunCounts counts = summary.counts();
    return String.format(
        Locale.ROOT,
        "simulate: %s seeds=%d failed=%d seconds=%.1f hours=%.2f crashes=%d restarts=%d"
            + " pauses=%d partitions=%d disk_faults=%d transfers=%d elections=%d snapshots=%d"
            + " commands=%d unknown=%d reads=%d messages=%d events=%d",
        summary.failures().isEmpty() ? "OK" : "FAILED",
        summary.runs(),
        summary.failures().size(),
        summary.elapsedNanos() / 1e9,
        counts.virtualHours(),
        counts.crashes(),
        counts.restarts(),
        counts.pauses(),
        counts.partitions(),
        counts.diskFaults(),
        counts.transfers(),
        counts.elections(),
        counts.snapshots(),
        counts.commands(),
        counts.unknowns(),
        counts.reads(),
        counts.messages(),
        counts.events());
  }

  private static String toJson(Summary summary) {
    RunCounts counts = summary.counts();
    return JsonLine.of(
        line -> {
          line.writeBooleanField("ok", summary.failures().isEmpty());
          line.writeNumberField("seeds", summary.runs());
          line.writeNumberField("failed", summary.failures().size());
          line.writeNumberField("seconds", Math.round(summary.elapsedNanos() / 1e8) / 10.0);
          line.writeNumberField("hours", Math.round(counts.virtualHours() * 100) / 100.0);
          line.writeNumberField("crashes", counts.crashes());
          line.writeNumberField("restarts", counts.restarts());
          line.writeNumberField("pauses", counts.pauses());
          line.writeNumberField("partitions", counts.partitions());
          line.writeNumberField("disk_faults", counts.diskFaults());
          line.writeNumberField("transfers", counts.transfers());
          line.writeNumberField("elections", counts.elections());
          line.writeNumberField("snapshots", counts.snapshots());
          line.writeNumberField("commands", counts.commands());
          line.writeNumberField("unknown", counts.unknowns());
          line.writeNumberField("reads", counts.reads());
          line.writeNumberField("messages", counts.messages());
          line.writeNumberField("events", counts.events());
          line.writeArrayFieldStart("failures");
          for (RunReport failure : summary.failures()) {
            line.writeString(failure.failureLine());
          }
          line.writeEndArray();
        });
  }

  /** The names of the mutants, for help and completion. */
  private static final class MutantNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Arrays.stream(Mutant.values()), Arrays.stream(StoreMutant.values()))
          .map(Enum::name)
          .iterator();
    }
  }

  /** Understands kinds in small letters. */
  private static final class KindConverter implements ITypeConverter<SimulationKind> {
    @Override
    public SimulationKind convert(String value) {
      return switch (value) {
        case "raft" -> SimulationKind.RAFT;
        case "store" -> SimulationKind.STORE;
        default -> throw new TypeConversionException("expected raft or store, was '" + value + "'");
      };
    }
  }
}
