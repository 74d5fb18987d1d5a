package dev.ostrakon.cli;

import dev.ostrakon.node.OstrakonNode;
import dev.ostrakon.node.ProcessEnd;
import dev.ostrakon.node.settings.NodeOption;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.NodeSettingsReader;
import dev.ostrakon.node.settings.SettingsException;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one server node until a signal ends it. */
@Command(
    name = "node",
    description = {
      "Runs one server node until SIGTERM or SIGINT stops it in good order.",
      "Started with the same --peers on every node, it forms the cluster; later starts go on from"
          + " the data folder. Every option can also stand in the YAML file under its name, and in"
          + " the environment as OSTRAKON_NAME. The heap is 512 MB unless $OSTRAKON_JAVA_OPTS sets"
          + " another one."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon node --id n1 --data /var/lib/ostrakon/n1 \\",
      "    --peers n1=127.0.0.1:7101,n2=127.0.0.1:7102,n3=127.0.0.1:7103",
      "  ostrakon node --config node.yaml --admin 127.0.0.1:8101",
      "  OSTRAKON_JAVA_OPTS=-Xmx2g ostrakon node --config node.yaml"
    })
final class NodeCommand implements Callable<Integer> {
  /** How long a node that does not serve yet may take to stop. */
  private static final long STOP_UNREADY_MILLIS = 1_500;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with options.")
  private @Nullable Path config;

  /** The command with one option for each of the node's. */
  static CommandLine commandLine() {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new NodeCommand());
    for (NodeOption option : NodeOption.values()) {
      spec.addOption(
          OptionSpec.builder("--" + option.optionName())
              .paramLabel("VALUE")
              .type(String.class)
              .description(option.help().replace("%", "%%") + ".")
              .build());
    }
    return new CommandLine(spec);
  }

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    ProcessEnd.onUncaughtExceptions();
    NodeSettings settings = settings();
    AtomicBoolean ended = new AtomicBoolean();
    Future<OstrakonNode> starting = OstrakonNode.start(settings);
    Thread hook = new Thread(() -> stop(starting, settings, ended), "ostrakon-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      OstrakonNode node = await(starting);
      await(node.ready());
      out("ostrakon: node " + settings.id().name() + " ready on " + settings.listen());
      Throwable failure = await(node.failure());
      throw new CommandFailedException(
          "The node stopped because it cannot do its part any more: " + failure.getMessage() + ".",
          failure);
    } catch (CommandFailedException e) {
      ended.set(true);
      throw e;
    }
  }

  private NodeSettings settings() {
    Map<NodeOption, String> given = new EnumMap<>(NodeOption.class);
    for (NodeOption option : NodeOption.values()) {
      String value =
          spec()
              .commandLine()
              .getParseResult()
              .matchedOptionValue("--" + option.optionName(), null);
      if (value != null) {
        given.put(option, value);
      }
    }
    try {
      return NodeSettingsReader.read(given, System.getenv(), config);
    } catch (SettingsException e) {
      throw new ParameterException(spec().commandLine(), e.getMessage() + ".");
    }
  }

  private static <T> T await(Future<T> future) throws CommandFailedException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CommandFailedException(
          "The node cannot run: " + Objects.requireNonNullElse(cause.getMessage(), cause) + ".",
          cause);
    }
  }

  /**
   * Stops the node when the JVM is told to end, and ends it with {@link Main#OK} then: a JVM that
   * ends by a signal has another exit code. A node that does not serve has nothing to hand over,
   * and a folder bears the end of its process at any moment.
   */
  private static void stop(
      Future<OstrakonNode> starting, NodeSettings settings, AtomicBoolean ended) {
    if (ended.get()) {
      return;
    }
    int code = Main.OK;
    OstrakonNode node = starting.succeeded() ? starting.result() : null;
    boolean serves = node != null && node.ready().succeeded();
    long withinMillis = serves ? settings.timing().handoverMillis() : STOP_UNREADY_MILLIS;
    try {
      if (node != null) {
        node.stop(withinMillis)
            .toCompletionStage()
            .toCompletableFuture()
            .get(withinMillis, TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      if (serves) {
        code = Main.FAILED;
        System.err.println(
            "The node did not stop in good order within "
                + withinMillis
                + " ms (handover-millis) and was ended. Nothing that was acknowledged is lost.");
      }
    }
    Runtime.getRuntime().halt(code);
  }

  private void out(String line) {
    spec().commandLine().getOut().println(line);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec before the call");
  }
}
