package dev.ostrakon.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes a value. */
@Command(
    name = "put",
    description = "Sets a value; prints its version.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv put greeting hello --cluster 127.0.0.1:7101",
      "  ostrakon kv put temperature -5"
    })
final class KvPutCommand extends ClusterCall {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Parameters(index = "1", paramLabel = "VALUE", description = "The value, UTF-8.")
  private @Nullable String value;

  @Override
  public Integer call() throws CommandFailedException {
    String target = requireKey(key);
    String text = Objects.requireNonNull(value);
    return printWritten(target, call(client -> client.put(target, text)));
  }
}
