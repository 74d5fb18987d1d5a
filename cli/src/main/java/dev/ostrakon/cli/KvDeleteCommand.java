package dev.ostrakon.cli;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.model.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a key, or all keys that begin alike. */
@Command(
    name = "delete",
    description = {
      "Removes a key, which may be missing; prints the moment of it.",
      "With --prefix, removes all keys that begin so, in batches, and prints how many they were."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv delete greeting --cluster 127.0.0.1:7101",
      "  ostrakon kv delete --prefix bench-k3x9/"
    })
final class KvDeleteCommand extends ClusterCall {
  @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Option(names = "--prefix", paramLabel = "TEXT", description = "All keys that begin so.")
  private @Nullable String prefix;

  @Override
  public Integer call() throws CommandFailedException {
    String beginning = prefix;
    if ((key == null) == (beginning == null)) {
      throw usage("Expected either KEY or --prefix TEXT.");
    }
    if (beginning != null) {
      return removeAll(beginning);
    }
    String target = requireKey(key);
    return printWritten(target, call(client -> client.delete(target)));
  }

  private int removeAll(String beginning) throws CommandFailedException {
    if (beginning.isEmpty()) {
      throw usage("--prefix has at least one character: an empty one would be every key.");
    }
    try (OstrakonClient client = connect()) {
      KeyRemoval keys = new KeyRemoval(cluster(), client, beginning);
      interruption().setLastWords(() -> List.of("ostrakon: deleted " + keys.removed() + " keys"));
      interruption().onRequest(keys::stop);
      LiveLine.Ticker ticker =
          new LiveLine(err()).tick(() -> "kv delete: " + keys.removed() + " keys deleted");
      long count;
      try {
        count = keys.run();
      } finally {
        ticker.close();
      }
      print(
          "deleted " + count + " keys",
          line -> {
            JsonLine.writeBytes(line, "prefix", ByteString.utf8(beginning));
            line.writeNumberField("deleted", count);
          });
      return Main.OK;
    }
  }
}
