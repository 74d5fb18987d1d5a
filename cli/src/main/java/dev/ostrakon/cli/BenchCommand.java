package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.benchmarks.load.LoadGenerator;
import dev.ostrakon.benchmarks.load.LoadReport;
import dev.ostrakon.benchmarks.load.LoadSettings;
import dev.ostrakon.benchmarks.load.LoadSettings.Transfers;
import dev.ostrakon.benchmarks.load.LoadSettings.Workload;
import dev.ostrakon.client.OstrakonClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes load on a cluster and prints how fast it is. */
@Command(
    name = "bench",
    description = {
      "Keeps requests in flight on a cluster and prints operations a second, latencies, errors by"
          + " type and the share of transactions decided in one round.",
      "The loop is closed: a stall delays what would be sent meanwhile, so latencies say how long"
          + " requests took, not how long users would have waited (coordinated omission).",
      "All keys begin with a prefix of their own, and are removed at the end."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon bench --cluster 127.0.0.1:7101 --workload put",
      "  ostrakon bench --workload transfer --groups-per-txn 2 --inflight 256",
      "  ostrakon bench --workload get --zipf 0.99 --seconds 30 --json"
    })
final class BenchCommand extends ClusterCall {
  @Option(
      names = "--workload",
      paramLabel = "NAME",
      required = true,
      description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Workload workload;

  @Option(
      names = "--inflight",
      paramLabel = "N",
      description = "Requests in flight. Default: ${DEFAULT-VALUE}.")
  private int inFlight = 64;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description =
          "Clients that share them, each with a thread of its own. Default: ${DEFAULT-VALUE}.")
  private int clients = 1;

  @Option(names = "--seconds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int seconds = 10;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Seconds before that count for nothing. Default: ${DEFAULT-VALUE}.")
  private int warmup = 3;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Keys, of 16 bytes. Default: ${DEFAULT-VALUE}.")
  private int keys = 100_000;

  @Option(names = "--value-bytes", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int valueBytes = 100;

  @Option(
      names = "--groups-per-txn",
      paramLabel = "N",
      description = "Groups that each transaction touches. Default: what chance gives.")
  private @Nullable Integer groupsPerTxn;

  @Option(
      names = "--zipf",
      paramLabel = "THETA",
      description = "How skewed keys are chosen, below 1. Default: 0, all alike.")
  private double zipf;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "Accounts of transfers; few are hot. Default: ${DEFAULT-VALUE}.")
  private int accounts = 1_000;

  @Option(
      names = "--credit-only",
      description = "Transfers without the condition that there is enough money.")
  private boolean creditOnly;

  @Option(
      names = "--keep",
      description = "Leave the keys of this run on the cluster. Default: remove them.")
  private boolean keep;

  @Override
  public Integer call() throws CommandFailedException {
    LoadSettings settings = settings("");
    settings
        .problem()
        .ifPresent(
            problem -> {
              throw usage(problem);
            });
    if (groupsPerTxn != null && groupsPerTxn < 1) {
      throw usage("--groups-per-txn must be in [1, 64].");
    }
    LiveLine live = new LiveLine(err());
    List<OstrakonClient> connected = new ArrayList<>();
    try {
      for (int client = 0; client < clients; client++) {
        connected.add(connectForLoad());
        await(connected.get(client).ready());
      }
      OwnKeys keys = OwnKeys.choose(cluster(), connected.get(0), live, "bench");
      OwnKeys.AtEnd atEnd = OwnKeys.AtEnd.of(keep);
      interruption().setLastWords(() -> keys.lastWords(atEnd));
      return keys.<Integer, CommandFailedException>use(
          atEnd, () -> measure(settings(keys.prefix()), connected, live));
    } finally {
      live.end();
      connected.forEach(OstrakonClient::close);
    }
  }

  private int measure(LoadSettings settings, List<OstrakonClient> connected, LiveLine live)
      throws CommandFailedException {
    LoadGenerator generator = new LoadGenerator(settings, connected, live::show);
    interruption().onRequest(generator::stop);
    try {
      LoadReport report = generator.run();
      live.end();
      if (interruption().isRequested()) {
        live.say("bench: interrupted; this is what was measured so far");
      }
      print(toText(settings, report), line -> writeTo(line, settings, report));
      if (report.operations() == 0 && !interruption().isRequested()) {
        throw new CommandFailedException(
            Main.UNREACHABLE, "No operation succeeded: " + report.errors() + ".", null);
      }
      return Main.OK;
    } catch (ExecutionException e) {
      throw CallFailures.of(e.getCause() == null ? e : e.getCause());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          Main.REFUSED, "The load cannot be made: " + e.getMessage() + ".", e);
    } catch (IllegalStateException e) {
      throw new CommandFailedException(
          Main.UNREACHABLE, "The load cannot be made: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException(Main.UNREACHABLE, "Interrupted.", e);
    }
  }

  private LoadSettings settings(String keyPrefix) {
    return new LoadSettings(
        Objects.requireNonNull(workload),
        inFlight,
        clients,
        seconds,
        warmup,
        keys,
        valueBytes,
        groupsPerTxn == null ? 0 : groupsPerTxn,
        zipf,
        accounts,
        creditOnly ? Transfers.UNCONDITIONAL : Transfers.CONDITIONAL,
        keyPrefix);
  }

  private static String name(LoadSettings settings) {
    return settings.workload().name().toLowerCase(Locale.ROOT);
  }

  private static String toText(LoadSettings settings, LoadReport report) {
    LoadReport.Latency latency = report.latency();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %.0f ops/s (%d in %.1f s, %d in flight)%n",
            name(settings),
            report.perSecond(),
            report.operations(),
            report.seconds(),
            settings.inFlight()));
    text.append(
        String.format(
            Locale.ROOT,
            "latency ms: mean %.3f, p50 %.3f, p90 %.3f, p99 %.3f, p99.9 %.3f, max %.3f%n",
            latency.mean(),
            latency.p50(),
            latency.p90(),
            latency.p99(),
            latency.p999(),
            latency.max()));
    text.append("errors: ").append(report.errors().isEmpty() ? "none" : report.errors());
    if (!Double.isNaN(report.fastPath())) {
      text.append(String.format(Locale.ROOT, "%nfast path: %.3f", report.fastPath()));
    }
    return text.toString();
  }

  private static void writeTo(JsonGenerator json, LoadSettings settings, LoadReport report)
      throws IOException {
    LoadReport.Latency latency = report.latency();
    json.writeStringField("workload", name(settings));
    json.writeNumberField("inflight", settings.inFlight());
    json.writeNumberField("operations", report.operations());
    json.writeNumberField("seconds", report.seconds());
    json.writeNumberField("ops_per_second", report.perSecond());
    json.writeNumberField("mean_ms", latency.mean());
    json.writeNumberField("p50_ms", latency.p50());
    json.writeNumberField("p90_ms", latency.p90());
    json.writeNumberField("p99_ms", latency.p99());
    json.writeNumberField("p999_ms", latency.p999());
    json.writeNumberField("max_ms", latency.max());
    json.writeObjectFieldStart("errors");
    for (Map.Entry<String, Long> error : report.errors().entrySet()) {
      json.writeNumberField(error.getKey(), error.getValue());
    }
    json.writeEndObject();
    if (!Double.isNaN(report.fastPath())) {
      json.writeNumberField("fast_path", report.fastPath());
    }
  }
}
