package dev.ostrakon.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The entry point of {@code bin/ostrakon}: reads the arguments, runs one command, and turns its
 * outcome into an exit code.
 *
 * <p>Exit codes: {@value #OK} success, {@value #FAILED} a check did not hold, {@value #USAGE} wrong
 * usage, {@value #ABSENT} absent or a condition was not met, {@value #REFUSED} refused, {@value
 * #UNREACHABLE} unreachable or the outcome is unknown, {@value #INTERRUPTED} ended by a signal. A
 * failure is one sentence on standard error, or one JSON object if the command was asked for JSON;
 * {@code --verbose} adds the stack trace.
 *
 * <p>A command is a class with {@link Command} that implements {@code Callable<Integer>}, is named
 * in {@code subcommands} below, and fails by throwing {@link CommandFailedException} or by
 * returning {@link #FAILED}.
 */
@Command(
    name = "ostrakon",
    description = "A transactional, sharded, fault-tolerant key-value store.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      KvCommand.class,
      TxnCommand.class,
      ShardsCommand.class,
      StatusCommand.class,
      BenchCommand.class,
      TortureCommand.class,
      CheckCommand.class,
      SimulateCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:success",
      "  1:a check did not hold, or something failed on this machine",
      "  2:wrong usage",
      "  3:absent, or a condition was not met",
      "  4:refused: a limit, a right, or invalid input",
      "  5:unreachable, or the outcome is unknown",
      "130:ended by a signal, in good order"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon demo --quick",
      "  ostrakon node --config node.yaml",
      "  ostrakon kv put greeting hello --cluster 127.0.0.1:7101",
      "  ostrakon simulate --seeds 1000",
      "  ostrakon COMMAND --help"
    })
public final class Main implements Runnable {
  /** The command did what it was asked for. */
  public static final int OK = 0;

  /** A check did not hold, or something failed on this machine. */
  public static final int FAILED = 1;

  /** The arguments make no sense, or a file that they name does not. */
  public static final int USAGE = 2;

  /** What was asked for is not there, or a condition was not met. */
  public static final int ABSENT = 3;

  /** Refused by a limit, for want of a right, or because the input is invalid. */
  public static final int REFUSED = 4;

  /** Nobody who could have done it was reached in time, or nobody knows what became of it. */
  public static final int UNREACHABLE = 5;

  /** Ended by a signal, as a shell reports SIGINT. */
  public static final int INTERRUPTED = 130;

  private static final String JSON_OPTION = "--json";
  private static final String NODE = "node";

  /** Read by the configuration of the log. */
  private static final String LOG_LEVEL_PROPERTY = "ostrakon.log.level";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean verbose;

  private final Interruption interruption;

  private Main(Interruption interruption) {
    this.interruption = interruption;
  }

  /** Runs the command that the arguments name and ends the JVM with its exit code. */
  public static void main(String[] args) {
    quietenLog(args);
    // Nothing here is loaded through Vert.x, and its folders of cached files would stay behind.
    System.setProperty("vertx.disableFileCaching", "true");
    System.setProperty("vertx.disableFileCPResolving", "true");
    PrintWriter out = new RawWriter(System.out);
    PrintWriter err = new RawWriter(System.err);
    System.exit(run(args, out, err));
  }

  /** A node tells the world through its log; the other commands tell what they find themselves. */
  private static void quietenLog(String[] args) {
    boolean serves = Arrays.asList(args).contains(NODE);
    if (!serves && System.getProperty(LOG_LEVEL_PROPERTY) == null) {
      System.setProperty(LOG_LEVEL_PROPERTY, "OFF");
    }
  }

  /** Runs the command that the arguments name; returns its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Interruption interruption = new Interruption(out, err);
    int code = FAILED;
    try {
      code = run(args, out, err, interruption);
    } finally {
      interruption.end(code);
    }
    return code;
  }

  private static int run(
      String[] args, PrintWriter out, PrintWriter err, Interruption interruption) {
    Main main = new Main(interruption);
    CommandLine commands = commandLine(main);
    return commands
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::onWrongUsage)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> main.onFailure(failure, command))
        .execute(args);
  }

  /** All commands, for what looks at them without running one. */
  static CommandLine commandLine() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return commandLine(new Main(new Interruption(nowhere, nowhere)));
  }

  private static CommandLine commandLine(Main main) {
    CommandLine commands = new CommandLine(main).addSubcommand(NODE, NodeCommand.commandLine());
    HelpLayout.apply(commands, Terminal.ofProcess().columns());
    return commands;
  }

  /** What ends the command early that a spec belongs to. */
  static Interruption interruption(CommandSpec spec) {
    return ((Main) spec.root().userObject()).interruption;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
  }

  private static int onWrongUsage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String sentence = Suggestions.sentence(failure, args);
    if (Arrays.asList(args).contains(JSON_OPTION)) {
      err.println(ErrorJson.of(USAGE, sentence, null));
      return USAGE;
    }
    err.println("ostrakon: " + sentence);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private int onFailure(Exception failure, CommandLine command) {
    int code = exitCode(failure);
    PrintWriter err = command.getErr();
    if (command.getParseResult().hasMatchedOption(JSON_OPTION)) {
      err.println(ErrorJson.of(code, sentence(failure), failure));
    } else {
      err.println("ostrakon: " + sentence(failure));
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    return code;
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof CommandFailedException told) {
      return told.exitCode();
    }
    return failure instanceof IllegalArgumentException ? REFUSED : FAILED;
  }

  private static String sentence(Exception failure) {
    String message = failure.getMessage();
    boolean isSentence =
        failure instanceof CommandFailedException || failure instanceof IllegalArgumentException;
    if (isSentence && message != null) {
      return message;
    }
    String kind = failure.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message.lines().findFirst().orElse("");
  }

  /** Reads the version from the manifest of the jar that this class was loaded from. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"ostrakon " + (version == null ? "(not packaged)" : version)};
    }
  }
}
