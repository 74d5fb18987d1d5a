package dev.ostrakon.cli;

import dev.ostrakon.cli.language.TxnLanguage;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a value if the present one is as expected. */
@Command(
    name = "cas",
    description = "Sets a value if the present one is as expected; exits with 3 if it is not.",
    mixinStandardHelpOptions = true,
    customSynopsis = {
      "ostrakon kv cas [OPTIONS] KEY EXPECTED VALUE",
      "       ostrakon kv cas [OPTIONS] (--missing | --at HLC) KEY VALUE"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv cas owner alice bob --cluster 127.0.0.1:7101",
      "  ostrakon kv cas lock me --missing",
      "  ostrakon kv cas owner bob --at 1700000000000.3"
    })
final class KvCasCommand extends ClusterCall {
  @Parameters(
      arity = "0..3",
      paramLabel = "KEY [EXPECTED] VALUE",
      description = "The key, what is expected (unless an option says it), the new value.")
  private List<String> words = List.of();

  @Option(names = "--missing", description = "Expect no value.")
  private boolean missing;

  @Option(
      names = "--at",
      paramLabel = "HLC",
      description = "Expect a value that was last written at this moment.")
  private @Nullable String version;

  @Override
  public Integer call() throws CommandFailedException {
    if (missing && version != null) {
      throw usage("--missing and --at exclude each other.");
    }
    int count = missing || version != null ? 2 : 3;
    if (words.size() != count) {
      throw usage(
          count == 2
              ? "Expected KEY VALUE, as an option says what is expected of the old value."
              : "Expected KEY EXPECTED VALUE, or --missing, or --at HLC.");
    }
    String key = requireKey(words.get(0));
    HybridTimestamp moment = moment();
    boolean done = call(client -> set(client, key, moment));
    if (isJson()) {
      print(
          "",
          line -> {
            JsonLine.writeBytes(line, "key", ByteString.utf8(key));
            line.writeBooleanField("done", done);
          });
    }
    if (!done) {
      throw new CommandFailedException(
          Main.ABSENT, "The present value is not the expected one.", null);
    }
    return Main.OK;
  }

  private @Nullable HybridTimestamp moment() {
    String given = version;
    return given == null
        ? null
        : TxnLanguage.version(given)
            .orElseThrow(() -> usage("--at expects such as 1700000000000.3, was '" + given + "'."));
  }

  private CompletableFuture<Boolean> set(
      OstrakonClient client, String key, @Nullable HybridTimestamp moment) {
    String value = words.get(words.size() - 1);
    if (missing) {
      return client.putIfMissing(key, value);
    }
    return moment == null
        ? client.compareAndSet(key, words.get(1), value)
        : client.compareAndSet(key, moment, value);
  }
}
