package dev.ostrakon.cli;

import dev.ostrakon.client.Versioned;
import dev.ostrakon.model.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a value. */
@Command(
    name = "get",
    description = {
      "Prints the value of a key; exits with 3 if it has none.",
      "On a terminal, control characters and bytes that are not UTF-8 are escaped."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv get greeting --cluster 127.0.0.1:7101",
      "  ostrakon kv get greeting --json"
    })
final class KvGetCommand extends ClusterCall {
  @Parameters(paramLabel = "KEY", description = "The key, UTF-8.")
  private @Nullable String key;

  @Override
  public Integer call() throws CommandFailedException {
    String wanted = requireKey(key);
    Optional<Versioned<byte[]>> found =
        call(client -> client.get(wanted.getBytes(StandardCharsets.UTF_8)));
    if (found.isEmpty()) {
      if (isJson()) {
        print("", line -> JsonLine.writeBytes(line, "key", ByteString.utf8(wanted)));
      }
      throw new CommandFailedException(Main.ABSENT, "not found", null);
    }
    ByteString value = ByteString.copyOf(found.get().value());
    printValue(
        value,
        line -> {
          JsonLine.writeBytes(line, "key", ByteString.utf8(wanted));
          JsonLine.writeBytes(line, "value", value);
          line.writeStringField("version", found.get().version().toString());
        });
    return Main.OK;
  }
}
