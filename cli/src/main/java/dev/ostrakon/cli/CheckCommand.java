package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.cli.history.HistoryFile;
import dev.ostrakon.cli.history.MalformedHistoryException;
import dev.ostrakon.simulation.history.Anomaly;
import dev.ostrakon.simulation.history.Budget;
import dev.ostrakon.simulation.history.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a history that a torture, or anything else, has written. */
@Command(
    name = "check",
    description = "Checks a history: linearizability, strict serializability, or the bank.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon check register.jsonl",
      "  ostrakon check append.edn",
      "  ostrakon check bank.edn --json"
    })
final class CheckCommand implements Callable<Integer> {
  private static final int SECONDS_DEFAULT = 300;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "JSON lines of operations on keys (.jsonl, .json), or EDN (.edn).")
  private @Nullable Path file;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Give up, undecided, after so long. Default: " + SECONDS_DEFAULT + ".")
  private int seconds = SECONDS_DEFAULT;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException {
    Path given = Objects.requireNonNull(file);
    if (seconds < 1) {
      throw usage("--seconds must be at least 1.");
    }
    return check(given, seconds, json, spec().commandLine().getOut(), this::usage);
  }

  /** Makes a complaint about wrong usage. */
  interface Usage {
    ParameterException exception(String sentence);
  }

  /** Checks a file and prints the result; returns the exit code. */
  static int check(Path file, int seconds, boolean json, PrintWriter out, Usage usage)
      throws CommandFailedException {
    HistoryFile.Form form =
        HistoryFile.Form.of(file)
            .orElseThrow(() -> usage.exception(file + " ends neither in .jsonl, .json nor .edn."));
    if (Files.isDirectory(file)) {
      throw usage.exception(file + " is a folder.");
    }
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(seconds);
    BooleanSupplier expired = () -> System.nanoTime() - deadline > 0;
    try {
      HistoryFile checked = HistoryFile.check(file, form, new Budget(Long.MAX_VALUE, expired));
      double took = (System.nanoTime() - start) / 1e9;
      out.println(json ? toJson(file, checked, took) : toText(file, checked, took));
      return checked.report().isValid() ? Main.OK : Main.FAILED;
    } catch (NoSuchFileException e) {
      throw usage.exception(file + " does not exist.");
    } catch (MalformedHistoryException e) {
      throw usage.exception(file + ", " + e.getMessage() + ".");
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec().commandLine(), sentence);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec before the call");
  }

  private static String toText(Path file, HistoryFile checked, double seconds) {
    Report report = checked.report();
    StringBuilder text = new StringBuilder();
    for (Anomaly anomaly : report.anomalies()) {
      text.append(anomaly).append("\n\n");
    }
    return text
        + String.format(
            Locale.ROOT,
            "check: %s %s: %s, %s, %.1f s",
            report.verdict(),
            file,
            checked.kind().property(),
            report.summary(),
            seconds);
  }

  private static String toJson(Path file, HistoryFile checked, double seconds) throws IOException {
    Report report = checked.report();
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      generator.writeStartObject();
      generator.writeBooleanField("ok", report.isValid());
      generator.writeStringField("verdict", report.verdict().name().toLowerCase(Locale.ROOT));
      generator.writeStringField("file", file.toString());
      generator.writeStringField("kind", checked.kind().name().toLowerCase(Locale.ROOT));
      generator.writeStringField("summary", report.summary());
      generator.writeNumberField("seconds", Math.round(seconds * 1000) / 1000.0);
      generator.writeArrayFieldStart("anomalies");
      for (Anomaly anomaly : report.anomalies()) {
        generator.writeStartObject();
        generator.writeStringField("kind", anomaly.kind());
        generator.writeStringField("explanation", anomaly.explanation());
        generator.writeFieldName("operations");
        generator.writeArray(
            anomaly.operations().toArray(String[]::new), 0, anomaly.operations().size());
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
    return text.toString();
  }
}
