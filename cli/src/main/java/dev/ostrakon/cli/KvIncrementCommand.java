package dev.ostrakon.cli;

import dev.ostrakon.model.ByteString;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds to a number. */
@Command(
    name = "increment",
    description = "Adds to a number, where a missing key counts as 0; prints the sum.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv increment visits --cluster 127.0.0.1:7101",
      "  ostrakon kv increment stock --by -3"
    })
final class KvIncrementCommand extends ClusterCall {
  @Parameters(paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Option(
      names = "--by",
      paramLabel = "N",
      description = "What is added, may be negative. Default: ${DEFAULT-VALUE}.")
  private long by = 1;

  @Override
  public Integer call() throws CommandFailedException {
    String target = requireKey(key);
    long sum = call(client -> client.increment(target, by));
    print(
        Long.toString(sum),
        line -> {
          JsonLine.writeBytes(line, "key", ByteString.utf8(target));
          line.writeNumberField("value", sum);
        });
    return Main.OK;
  }
}
