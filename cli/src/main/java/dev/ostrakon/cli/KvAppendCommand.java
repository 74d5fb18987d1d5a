package dev.ostrakon.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes a value. */
@Command(
    name = "append",
    description = "Adds to the end of a value, as put if there is none; prints the new version.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv append greeting ', world' --cluster 127.0.0.1:7101",
      "  ostrakon kv append temperature -5"
    })
final class KvAppendCommand extends ClusterCall {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Parameters(index = "1", paramLabel = "VALUE", description = "The value, UTF-8.")
  private @Nullable String value;

  @Override
  public Integer call() throws CommandFailedException {
    String target = requireKey(key);
    String text = Objects.requireNonNull(value);
    return printWritten(target, call(client -> client.append(target, text)));
  }
}
