package dev.ostrakon.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
 * <p>Exit codes: {@value #OK} success, {@value #FAILED} the operation failed or a check did not
 * hold, {@value #USAGE} wrong usage. A failure is one sentence on standard error; {@code --verbose}
 * adds the stack trace.
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

  /** The operation failed, or a check did not hold. */
  public static final int FAILED = 1;

  /** The arguments make no sense. */
  public static final int USAGE = 2;

  private static final String NODE = "node";

  /** Read by the configuration of the log. */
  private static final String LOG_LEVEL_PROPERTY = "ostrakon.log.level";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean verbose;

  private Main() {}

  /** Runs the command that the arguments name and ends the JVM with its exit code. */
  public static void main(String[] args) {
    quietenLog(args);
    System.exit(run(args, utf8(System.out), utf8(System.err)));
  }

  /** A node tells the world through its log; the other commands tell what they find themselves. */
  private static void quietenLog(String[] args) {
    boolean serves = Arrays.asList(args).contains(NODE);
    if (!serves && System.getProperty(LOG_LEVEL_PROPERTY) == null) {
      System.setProperty(LOG_LEVEL_PROPERTY, "OFF");
    }
  }

  /** Keys and values are UTF-8 on the command line, so output is too, whatever the locale. */
  private static PrintWriter utf8(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Runs the command that the arguments name; returns its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Main main = new Main();
    CommandLine commands = new CommandLine(main).addSubcommand(NODE, NodeCommand.commandLine());
    return commands
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::onWrongUsage)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> main.onFailure(failure, command))
        .execute(args);
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
    err.println("ostrakon: " + failure.getMessage());
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private int onFailure(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println("ostrakon: " + sentence(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    return FAILED;
  }

  private static String sentence(Exception failure) {
    String message = failure.getMessage();
    if (failure instanceof CommandFailedException && message != null) {
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
