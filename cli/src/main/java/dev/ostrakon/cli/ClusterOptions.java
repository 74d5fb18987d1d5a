package dev.ostrakon.cli;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.KvException;
import dev.ostrakon.client.OstrakonClient;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a cluster. */
final class ClusterOptions {
  static final String CLUSTER_VARIABLE = "OSTRAKON_CLUSTER";

  /** How much longer than its deadline a call may take before the client is called broken. */
  private static final int GRACE_SECONDS = 30;

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

  /** The nodes to begin with, each {@code host:port}. */
  List<String> addresses() {
    String variable = System.getenv(CLUSTER_VARIABLE);
    List<String> named =
        !cluster.isEmpty() ? cluster : variable == null ? List.of() : List.of(variable.split(","));
    if (named.isEmpty() || named.get(0).isBlank()) {
      throw usage(
          "--cluster HOST:PORT is missing, and $"
              + CLUSTER_VARIABLE
              + " does not name one either.");
    }
    named.forEach(this::requireAddress);
    return named.stream().map(String::strip).toList();
  }

  private void requireAddress(String address) {
    if (!address.strip().matches("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):\\d{1,5}")) {
      throw usage("--cluster expects HOST:PORT[,HOST:PORT...], was '" + address + "'.");
    }
  }

  /** A client of these nodes, connecting. */
  OstrakonClient connect(List<String> addresses) {
    if (timeoutMillis < 1) {
      throw usage("--timeout-millis must be at least 1.");
    }
    ClientConfig.Timeouts timeouts =
        new ClientConfig.Timeouts(
            timeoutMillis, Math.min(timeoutMillis, ClientConfig.Timeouts.DEFAULTS.attemptMillis()));
    try {
      return OstrakonClient.connect(
          ClientConfig.DEFAULTS.withTimeouts(timeouts), addresses.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage() + ".");
    }
  }

  /** The answer of a call; a failure becomes the sentence that the user reads. */
  <T> T await(CompletableFuture<T> call) throws CommandFailedException {
    try {
      return call.get(timeoutMillis + GRACE_SECONDS * 1_000L, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new CommandFailedException("The client did not answer long after its deadline.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("Interrupted.", e);
    }
  }

  static CommandFailedException failure(Throwable cause) {
    if (cause instanceof CommitUnknownException unknown) {
      return new CommandFailedException(
          "The outcome is unknown: the request "
              + unknown.requestId()
              + " was sent and not answered in time; look at the data before you repeat it.",
          cause);
    }
    String message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    String kind = cause instanceof KvException ? "" : cause.getClass().getSimpleName() + ": ";
    return new CommandFailedException(kind + message, cause);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(
        Objects.requireNonNull(spec, "picocli sets the spec").commandLine(), sentence);
  }
}
