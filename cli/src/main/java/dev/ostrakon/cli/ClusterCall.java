package dev.ostrakon.cli;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that talk to a cluster and print results have in common. */
abstract class ClusterCall implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  /** Makes one call of a client that is connected for it. */
  final <T> T call(Function<OstrakonClient, CompletableFuture<T>> call)
      throws CommandFailedException {
    try (OstrakonClient client = connect()) {
      return cluster.await(call.apply(client));
    }
  }

  /** A client of the cluster that the options name. */
  final OstrakonClient connect() {
    return cluster.connect(cluster.addresses());
  }

  /** As {@link #connect()}, for callbacks that never block. */
  final OstrakonClient connectForLoad() {
    return cluster.connect(cluster.addresses(), OstrakonClient.Builder::callbacksOnEventLoop);
  }

  /** A client of another cluster. */
  final OstrakonClient connect(List<String> addresses) {
    return cluster.connect(addresses);
  }

  /** Whether the command line or the environment names a cluster. */
  final boolean isClusterNamed() {
    return cluster.isNamed();
  }

  /** The nodes that are named, each {@code host:port}. */
  final List<String> addresses() {
    return cluster.addresses();
  }

  /** The options that name the cluster. */
  final ClusterOptions cluster() {
    return cluster;
  }

  /** What ends this command early. */
  final Interruption interruption() {
    return Main.interruption(spec());
  }

  final <T> T await(CompletableFuture<T> call) throws CommandFailedException {
    return cluster.await(call);
  }

  /** Prints a line: one for people, or one of JSON. */
  final void print(String text, JsonLine.Body body) {
    out().println(json ? JsonLine.of(body) : text);
  }

  /** Prints a value: its bytes alone, or one line of JSON. */
  final void printValue(ByteString value, JsonLine.Body body) {
    if (isJson() || !(out() instanceof RawWriter raw)) {
      print(value.toUtf8(), body);
    } else if (Terminal.ofProcess().isOutput()) {
      raw.println(Printable.ofText(value));
    } else {
      raw.printlnBytes(value.toByteArray());
    }
  }

  /** Prints the moment of a write. */
  final int printWritten(String key, HybridTimestamp version) {
    print(
        version.toString(),
        line -> {
          JsonLine.writeBytes(line, "key", ByteString.utf8(key));
          line.writeStringField("version", version.toString());
        });
    return Main.OK;
  }

  final ParameterException usage(String sentence) {
    return new ParameterException(spec().commandLine(), sentence);
  }

  /** A key of the command line. */
  final String requireKey(@Nullable String key) {
    String given = Objects.requireNonNull(key);
    if (given.isEmpty()) {
      throw usage("A key has at least one character.");
    }
    return given;
  }

  final boolean isJson() {
    return json;
  }

  final PrintWriter out() {
    return spec().commandLine().getOut();
  }

  final PrintWriter err() {
    return spec().commandLine().getErr();
  }

  final CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec before the call");
  }
}
