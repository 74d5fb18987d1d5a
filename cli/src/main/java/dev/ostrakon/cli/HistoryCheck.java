package dev.ostrakon.cli;

import dev.ostrakon.checker.Anomaly;
import dev.ostrakon.checker.Budget;
import dev.ostrakon.checker.Report;
import dev.ostrakon.cli.history.HistoryFile;
import dev.ostrakon.cli.history.MalformedHistoryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks the history in a file for a command, and prints the verdict. */
final class HistoryCheck {
  private final CommandSpec spec;
  private final Path file;
  private final int seconds;

  /**
   * @param seconds after which it gives up, undecided
   */
  HistoryCheck(CommandSpec spec, Path file, int seconds) {
    this.spec = spec;
    this.file = file;
    this.seconds = seconds;
  }

  /** Checks and prints; returns the exit code. */
  int run(boolean json) throws CommandFailedException {
    HistoryFile.Form form =
        HistoryFile.Form.of(file)
            .orElseThrow(() -> usage(file + " ends neither in .jsonl, .json nor .edn."));
    if (Files.isDirectory(file)) {
      throw usage(file + " is a folder.");
    }
    Interruption interruption = Main.interruption(spec);
    interruption.setLastWords(() -> List.of("check: UNDECIDED " + file + ": interrupted"));
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(seconds);
    BooleanSupplier expired = () -> interruption.isRequested() || System.nanoTime() - deadline > 0;
    LiveLine live = new LiveLine(err());
    LiveLine.Ticker ticker = live.tick(() -> progress(start));
    HistoryFile checked;
    try {
      checked = HistoryFile.check(file, form, new Budget(Long.MAX_VALUE, expired));
    } catch (NoSuchFileException e) {
      throw usage(file + " does not exist.");
    } catch (MalformedHistoryException e) {
      throw usage(file + ", " + e.getMessage() + ".");
    } catch (IOException e) {
      throw new CommandFailedException(
          Main.USAGE, file + " cannot be read: " + e.getMessage() + ".", e);
    } finally {
      ticker.close();
    }
    double took = (System.nanoTime() - start) / 1e9;
    out().println(json ? toJson(file, checked, took) : toText(file, checked, took));
    return checked.report().isValid() ? Main.OK : Main.FAILED;
  }

  private String progress(long start) {
    return String.format(
        Locale.ROOT, "check: %s, %.0f of %d s", file, (System.nanoTime() - start) / 1e9, seconds);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
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

  private static String toJson(Path file, HistoryFile checked, double seconds) {
    Report report = checked.report();
    return JsonLine.of(
        generator -> {
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
        });
  }
}
