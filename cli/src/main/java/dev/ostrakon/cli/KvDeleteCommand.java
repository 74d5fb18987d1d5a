package dev.ostrakon.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a key. */
@Command(
    name = "delete",
    description = "Removes a key, which may be missing; prints the moment of it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  ostrakon kv delete greeting --cluster 127.0.0.1:7101")
final class KvDeleteCommand extends ClusterCall {
  @Parameters(paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Override
  public Integer call() throws CommandFailedException {
    String target = requireKey(key);
    return printWritten(target, call(client -> client.delete(target)));
  }
}
