package dev.ostrakon.cli;

import dev.ostrakon.cli.ShardsCommand.Join;
import dev.ostrakon.cli.ShardsCommand.Leave;
import dev.ostrakon.cli.ShardsCommand.Move;
import dev.ostrakon.cli.ShardsCommand.Query;
import dev.ostrakon.cli.ShardsCommand.Rebalance;
import dev.ostrakon.client.InvalidRequestException;
import dev.ostrakon.client.Shards;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks and tells the shard controller. */
@Command(
    name = "shards",
    description = "Shows and changes which group owns which slot.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Query.class, Join.class, Leave.class, Move.class, Rebalance.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon shards query --cluster 127.0.0.1:7101",
      "  ostrakon shards move 17 2",
      "  ostrakon shards join 4=n1,n2,n3"
    })
final class ShardsCommand implements Runnable {
  /** Said in help. */
  static final String LIMIT =
      "Not yet: slots cannot move between groups that serve them. What needs that is refused with"
          + " exit code 4, and nothing is changed.";

  private static final String NOT_YET =
      "Not yet: slots cannot move between groups that serve them; nothing was changed";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "A command is missing: query, join, leave, move or rebalance.");
  }

  /** Prints configurations. */
  abstract static class ShardsCall extends ClusterCall {
    final int print(ClusterView view) {
      print(ConfigurationText.toText(view), line -> ConfigurationText.writeTo(line, view));
      return Main.OK;
    }

    /** Asks for a change; what no cluster can do yet is told so. */
    final int change(Function<Shards, CompletableFuture<ClusterView>> change)
        throws CommandFailedException {
      try {
        return print(call(client -> change.apply(client.shards())));
      } catch (CommandFailedException e) {
        if (e.getCause() instanceof InvalidRequestException refused
            && refused.sentence().startsWith(ErrorCode.UNSUPPORTED.name())) {
          throw new CommandFailedException(
              e.exitCode(), NOT_YET + "; the cluster says: " + refused.getMessage(), refused);
        }
        throw e;
      }
    }

    final GroupId group(String text) {
      try {
        GroupId group = new GroupId(Long.parseLong(text));
        if (group.equals(GroupId.CONTROLLER)) {
          throw usage("Group " + text + " is the controller; shard groups count from 1.");
        }
        return group;
      } catch (IllegalArgumentException e) {
        throw usage("A group is a number from 1, was '" + text + "'.");
      }
    }
  }

  @Command(
      name = "query",
      description = "Prints the newest configuration, or an earlier one.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  ostrakon shards query", "  ostrakon shards query --number 3 --json"})
  static final class Query extends ShardsCall {
    @Option(names = "--number", paramLabel = "N", description = "Of which configuration.")
    private @Nullable Long number;

    @Override
    public Integer call() throws CommandFailedException {
      Long wanted = number;
      if (wanted != null && wanted < 0) {
        throw usage("--number must not be negative.");
      }
      return print(
          call(client -> wanted == null ? client.shards().query() : client.shards().query(wanted)));
    }
  }

  @Command(
      name = "join",
      description = {
        "Adds groups with their nodes; slots move to them in the background.",
        ShardsCommand.LIMIT
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  ostrakon shards join 4=n1,n2,n3",
        "  ostrakon shards join 4=n1,n2,n3 5=n1,n2,n4"
      })
  static final class Join extends ShardsCall {
    @Parameters(
        arity = "1..*",
        paramLabel = "GROUP=NODE,NODE...",
        description = "A group and its nodes.")
    private List<String> groups = List.of();

    @Override
    public Integer call() throws CommandFailedException {
      Map<GroupId, List<NodeId>> joining = new TreeMap<>();
      for (String text : groups) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
          throw usage("Expected GROUP=NODE,NODE..., was '" + text + "'.");
        }
        GroupId group = group(text.substring(0, equals));
        if (joining.put(group, nodes(text.substring(equals + 1))) != null) {
          throw usage("Group " + group + " is named twice.");
        }
      }
      return change(shards -> shards.join(joining));
    }

    private List<NodeId> nodes(String text) {
      try {
        return Arrays.stream(text.split(",", -1)).map(NodeId::new).toList();
      } catch (IllegalArgumentException e) {
        throw usage("Expected names of nodes, was '" + text + "': " + e.getMessage() + ".");
      }
    }
  }

  @Command(
      name = "leave",
      description = {
        "Removes groups; their slots move to the others in the background.",
        ShardsCommand.LIMIT
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  ostrakon shards leave 4")
  static final class Leave extends ShardsCall {
    @Parameters(arity = "1..*", paramLabel = "GROUP", description = "A group.")
    private List<String> groups = List.of();

    @Override
    public Integer call() throws CommandFailedException {
      Set<GroupId> leaving = new LinkedHashSet<>();
      groups.forEach(text -> leaving.add(group(text)));
      return change(shards -> shards.leave(leaving));
    }
  }

  @Command(
      name = "move",
      description = {"Gives one slot to one group.", ShardsCommand.LIMIT},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  ostrakon shards move 17 2")
  static final class Move extends ShardsCall {
    @Parameters(index = "0", paramLabel = "SLOT", description = "The slot, from 0.")
    private int slot;

    @Parameters(index = "1", paramLabel = "GROUP", description = "Its new group.")
    private @Nullable String group;

    @Override
    public Integer call() throws CommandFailedException {
      if (slot < 0) {
        throw usage("A slot is a number from 0, was " + slot + ".");
      }
      GroupId target = group(Objects.requireNonNull(group));
      return change(shards -> shards.move(new Slot(slot), target));
    }
  }

  @Command(
      name = "rebalance",
      description = {"Moves as few slots as it takes to be balanced again.", ShardsCommand.LIMIT},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  ostrakon shards rebalance --cluster 127.0.0.1:7101")
  static final class Rebalance extends ShardsCall {
    @Override
    public Integer call() throws CommandFailedException {
      return change(Shards::rebalance);
    }
  }
}
