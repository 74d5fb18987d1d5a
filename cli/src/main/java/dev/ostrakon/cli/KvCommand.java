package dev.ostrakon.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads and writes single keys. */
@Command(
    name = "kv",
    description = "Reads and writes single keys.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KvGetCommand.class,
      KvPutCommand.class,
      KvAppendCommand.class,
      KvDeleteCommand.class,
      KvCasCommand.class,
      KvIncrementCommand.class,
      KvScanCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  export " + ClusterOptions.CLUSTER_VARIABLE + "=127.0.0.1:7101,127.0.0.1:7102",
      "  ostrakon kv put greeting hello",
      "  ostrakon kv get greeting",
      "  ostrakon kv put -- words --json        (after -- nothing is an option)"
    })
final class KvCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "A command is missing: get, put, append, delete, cas, increment or scan.");
  }
}
