package dev.ostrakon.cli;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Scan;
import dev.ostrakon.client.ScanResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a range of keys. */
@Command(
    name = "scan",
    description = {
      "Prints keys in order with their values, a tab between them.",
      "Control and formatting characters, backslashes and bytes that are not UTF-8 are escaped, as"
          + " \\n, \\u001b, \\\\ and \\xff; --json gives them as they are."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon kv scan --prefix user/ --cluster 127.0.0.1:7101",
      "  ostrakon kv scan --from a --to b --limit 10 --json"
    })
final class KvScanCommand extends ClusterCall {
  @Option(names = "--prefix", paramLabel = "TEXT", description = "Keys that begin so.")
  private @Nullable String prefix;

  @Option(names = "--from", paramLabel = "KEY", description = "The first key.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "KEY", description = "The key after the last one.")
  private @Nullable String to;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most keys, 0 for all. Default: ${DEFAULT-VALUE}.")
  private long limit = Scan.LIMIT_DEFAULT;

  @Override
  public Integer call() throws CommandFailedException {
    if (prefix != null && (from != null || to != null)) {
      throw usage("--prefix excludes --from and --to.");
    }
    if (limit < 0) {
      throw usage("--limit must not be negative.");
    }
    boolean complete = scanAll();
    if (!complete) {
      err().println("ostrakon: there are more keys; see --limit.");
    }
    return Main.OK;
  }

  /** Prints page after page; returns whether that was all. */
  private boolean scanAll() throws CommandFailedException {
    long left = limit == 0 ? Long.MAX_VALUE : limit;
    Scan next = range();
    try (OstrakonClient client = connect()) {
      while (true) {
        ScanResult result =
            await(client.scan(next.limit((int) Math.min(left, Scan.LIMIT_DEFAULT))));
        result.entries().forEach(this::print);
        left -= result.entries().size();
        Optional<Scan> rest = result.next();
        if (rest.isEmpty() || left == 0) {
          return rest.isEmpty();
        }
        next = rest.get();
      }
    }
  }

  private Scan range() {
    String start = prefix;
    return start != null
        ? Scan.prefix(start)
        : Scan.range(from == null ? "" : from, to == null ? "" : to);
  }

  private void print(ScanResult.Entry entry) {
    print(
        Printable.ofCell(entry.key().bytes()) + "\t" + Printable.ofCell(entry.value().bytes()),
        line -> {
          JsonLine.writeBytes(line, "key", entry.key().bytes());
          JsonLine.writeBytes(line, "value", entry.value().bytes());
          line.writeStringField("version", entry.version().toString());
        });
  }
}
