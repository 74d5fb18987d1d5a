package dev.ostrakon.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
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
    return new HistoryCheck(spec(), given, seconds).run(json);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec().commandLine(), sentence);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec before the call");
  }
}
