package dev.ostrakon.cli;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.OstrakonClient;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a cluster. */
final class ClusterOptions {
  static final String CLUSTER_VARIABLE = "OSTRAKON_CLUSTER";

  /** How much longer than its deadline a call may take before the client is called broken. */
  private static final int GRACE_MILLIS = 2_000;

  private static final int POLL_MILLIS = 100;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Nodes of the cluster, one or more. Default: $" + CLUSTER_VARIABLE + ".")
  private List<String> cluster = List.of();

  @Option(
      names = "--timeout-millis",
      paramLabel = "N",
      description = "How long one call may take, with all retries. Default: ${DEFAULT-VALUE}.")
  private int timeoutMillis = ClientConfig.Timeouts.DEFAULTS.requestMillis();

  /** Whether somebody named a cluster on the command line. */
  boolean isGiven() {
    return !cluster.isEmpty();
  }

  /** Whether the command line or the environment names a cluster. */
  boolean isNamed() {
    return isGiven() || !ofEnvironment().isEmpty();
  }

  /** The nodes that the environment names; empty if it names none. */
  private static List<String> ofEnvironment() {
    String variable = System.getenv(CLUSTER_VARIABLE);
    return variable == null || variable.isBlank() ? List.of() : List.of(variable.split(","));
  }

  /** The nodes to begin with, each {@code host:port}. */
  List<String> addresses() {
    List<String> named = isGiven() ? cluster : ofEnvironment();
    if (named.isEmpty() || named.get(0).isBlank()) {
      throw usage(
          "--cluster HOST:PORT is missing, and $"
              + CLUSTER_VARIABLE
              + " does not name one either.");
    }
    return checked(named, isGiven() ? "--cluster" : "$" + CLUSTER_VARIABLE);
  }

  private List<String> checked(List<String> addresses, String source) {
    for (String address : addresses) {
      if (!isAddress(address.strip())) {
        throw usage(source + " expects HOST:PORT[,HOST:PORT...], was '" + address + "'.");
      }
    }
    return addresses.stream().map(String::strip).toList();
  }

  private static boolean isAddress(String text) {
    if (!text.matches("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):\\d{1,5}")) {
      return false;
    }
    int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    return port >= 1 && port <= 65_535;
  }

  /** A client of these nodes, connecting. */
  OstrakonClient connect(List<String> addresses) {
    return connect(addresses, UnaryOperator.identity());
  }

  /** As {@link #connect(List)}, with something else about the client. */
  OstrakonClient connect(List<String> addresses, UnaryOperator<OstrakonClient.Builder> more) {
    if (timeoutMillis < 1) {
      throw usage("--timeout-millis must be at least 1.");
    }
    ClientConfig.Timeouts timeouts =
        new ClientConfig.Timeouts(
            timeoutMillis, Math.min(timeoutMillis, ClientConfig.Timeouts.DEFAULTS.attemptMillis()));
    try {
      ClientConfig config = ClientConfig.DEFAULTS.withTimeouts(timeouts);
      return more.apply(OstrakonClient.builder().addresses(addresses).config(config)).build();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage() + ".");
    }
  }

  /** The answer of a call; a failure becomes the sentence that the user reads. */
  <T> T await(CompletableFuture<T> call) throws CommandFailedException {
    long startNanos = System.nanoTime();
    LiveLine live = LiveLine.of(spec().commandLine());
    try {
      while (true) {
        try {
          return call.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
          if (millis > timeoutMillis + (long) GRACE_MILLIS) {
            throw new CommandFailedException(
                Main.UNREACHABLE, "The client did not answer long after its deadline.", e);
          }
          live.show(waiting(millis));
        }
      }
    } catch (ExecutionException e) {
      throw CallFailures.of(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException(Main.UNREACHABLE, "Interrupted.", e);
    } finally {
      live.end();
    }
  }

  private String waiting(long millis) {
    return String.format(
        Locale.ROOT,
        "ostrakon: no answer yet from %s after %.1f of %.1f s",
        isNamed() ? String.join(", ", isGiven() ? cluster : ofEnvironment()) : "the nodes",
        millis / 1e3,
        timeoutMillis / 1e3);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec");
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec().commandLine(), sentence);
  }
}
