package dev.ostrakon.cli;

import dev.ostrakon.client.KvException;
import dev.ostrakon.client.NodeReport;
import dev.ostrakon.node.admin.StatusJson;
import dev.ostrakon.protocol.NodeStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** Prints what all nodes of a cluster say of themselves. */
@Command(
    name = "status",
    description = {
      "Prints a verdict (HEALTHY, DEGRADED or NO QUORUM), and what all nodes say of themselves:"
          + " groups, leaders, terms, positions of logs, slots, moves, clocks.",
      "Exits with 0 if the cluster is healthy, 3 if it is degraded, 4 if a group has no quorum, and"
          + " 5 if nobody answers."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon status --cluster 127.0.0.1:7101",
      "  ostrakon status --json        (one object for each node)"
    })
final class StatusCommand extends ClusterCall {
  /** More than clocks that are synchronised differ by. */
  private static final long CLOCK_ERROR_NOTED_MILLIS = 500;

  @Override
  public Integer call() throws CommandFailedException {
    List<NodeReport> reports = call(client -> client.status());
    reports.forEach(report -> report.failure().ifPresent(why -> complain(report.address(), why)));
    List<NodeStatus> answers = reports.stream().flatMap(r -> r.status().stream()).toList();
    if (answers.isEmpty()) {
      throw new CommandFailedException(
          Main.UNREACHABLE, "No node answered; asked " + reports.size() + ".", null);
    }
    Health health = Health.of(reports);
    if (isJson()) {
      answers.forEach(status -> out().println(StatusJson.of(status).encode()));
    } else {
      out().println(health);
      print(answers, reports.size());
    }
    return health.exitCode();
  }

  private void complain(String address, KvException failure) {
    String sentence = address + ": " + failure.getMessage();
    err()
        .println(
            isJson()
                ? ErrorJson.of(Main.UNREACHABLE, sentence, CallFailures.of(failure))
                : "ostrakon: " + sentence);
  }

  private void print(List<NodeStatus> answers, int asked) {
    NodeStatus first = answers.get(0);
    out()
        .println(
            "cluster "
                + first.clusterId()
                + ": "
                + answers.size()
                + " of "
                + asked
                + " nodes answered, configuration "
                + answers.stream().mapToLong(NodeStatus::configurationNumber).max().orElse(0));
    out().println();
    nodes(answers).lines().forEach(out()::println);
    clockNotes(answers).forEach(out()::println);
    out().println();
    replicas(answers).lines().forEach(out()::println);
    recoveries(answers);
    Table moves = moves(answers);
    if (moves.lines().size() > 1) {
      out().println();
      moves.lines().forEach(out()::println);
    }
  }

  /** What is to be known of clocks that are wrong, or were. */
  private static List<String> clockNotes(List<NodeStatus> answers) {
    List<String> notes = new ArrayList<>();
    for (NodeStatus node : answers) {
      NodeStatus.Clock clock = node.clock();
      if (Math.abs(clock.errorMillis()) > CLOCK_ERROR_NOTED_MILLIS) {
        notes.add(
            String.format(
                Locale.ROOT,
                "note: the clock of node %s is wrong by %+d ms and not believed; set it right",
                node.node().name(),
                clock.errorMillis()));
      }
    }
    answers.stream()
        .filter(node -> node.clock().leadMillis() > 0)
        .max(Comparator.comparingLong(node -> node.clock().leadMillis()))
        .ifPresent(
            node ->
                notes.add(
                    String.format(
                        Locale.ROOT,
                        "note: the nodes' clocks were ahead and are right again; the cluster's time"
                            + " stays %d ms ahead of them (node %s) and is served by: nothing to"
                            + " do",
                        node.clock().leadMillis(),
                        node.node().name())));
    return notes;
  }

  /** A line for each node that recovers transactions: how many, and whose answers are missing. */
  private void recoveries(List<NodeStatus> answers) {
    for (NodeStatus node : answers) {
      long underway = node.counters().getOrDefault(NodeStatus.TXN_RECOVERING, 0L);
      if (underway > 0) {
        StringBuilder waitsFor = new StringBuilder();
        node.counters()
            .forEach(
                (name, count) -> {
                  if (name.startsWith(NodeStatus.TXN_RECOVERING_WAITS_FOR_GROUP)) {
                    waitsFor.append(waitsFor.isEmpty() ? "; waits for group " : ", group ");
                    waitsFor
                        .append(name.substring(NodeStatus.TXN_RECOVERING_WAITS_FOR_GROUP.length()))
                        .append(" (")
                        .append(count)
                        .append(')');
                  }
                });
        out().println(node.node().name() + " recovers " + underway + " transactions" + waitsFor);
      }
    }
  }

  private static Table nodes(List<NodeStatus> answers) {
    Table table = new Table("NODE", "ADDRESS", "VERSION", "UP", "CLOCK", "LEADS", "PEERS");
    for (NodeStatus node : answers) {
      long leads = node.replicas().stream().filter(r -> r.role() == NodeStatus.Role.LEADER).count();
      StringBuilder peers = new StringBuilder();
      for (NodeStatus.Peer peer : node.peers()) {
        peers.append(peers.isEmpty() ? "" : " ").append(peer.node().name());
        peers.append(
            peer.connected()
                ? String.format(Locale.ROOT, "(%+d ms)", peer.clockOffsetMillis())
                : "(lost)");
      }
      table.add(
          node.node().name(),
          node.address(),
          node.softwareVersion(),
          String.format(Locale.ROOT, "%.0f s", node.uptimeMillis() / 1e3),
          String.format(Locale.ROOT, "%+d ms", node.clock().driftMillis()),
          leads,
          peers);
    }
    return table;
  }

  private static Table replicas(List<NodeStatus> answers) {
    Table table =
        new Table(
            "GROUP",
            "NODE",
            "ROLE",
            "TERM",
            "LEADER",
            "FIRST",
            "LAST",
            "COMMIT",
            "APPLIED",
            "CHECKPOINT",
            "SLOTS",
            "CONFIG",
            "NOTE");
    Map<Long, Map<String, NodeStatus.Replica>> byGroup = new TreeMap<>();
    for (NodeStatus node : answers) {
      for (NodeStatus.Replica replica : node.replicas()) {
        byGroup
            .computeIfAbsent(replica.group().number(), group -> new TreeMap<>())
            .put(node.node().name(), replica);
      }
    }
    byGroup.forEach((group, hosts) -> hosts.forEach((node, replica) -> add(table, node, replica)));
    return table;
  }

  private static void add(Table table, String node, NodeStatus.Replica replica) {
    NodeStatus.LogPosition log = replica.log();
    String group = replica.group().number() == 0 ? "control" : "" + replica.group().number();
    table.add(
        group,
        node,
        replica.role().name().toLowerCase(Locale.ROOT),
        replica.term(),
        replica.leader() == null ? "-" : replica.leader().name(),
        log.firstIndex(),
        log.lastIndex(),
        log.commitIndex(),
        log.appliedIndex(),
        log.checkpointIndex(),
        replica.slotCount(),
        replica.configurationNumber(),
        replica.stopped().isEmpty() ? replica.problem() : replica.stopped());
  }

  private static Table moves(List<NodeStatus> answers) {
    Table table = new Table("SLOT", "FROM", "TO", "CONFIG", "STATE", "BYTES");
    answers.stream()
        .flatMap(node -> node.moves().stream())
        .distinct()
        .forEach(
            move ->
                table.add(
                    move.slot().number(),
                    move.from().number(),
                    move.to().number(),
                    move.configurationNumber(),
                    move.state().name().toLowerCase(Locale.ROOT),
                    move.bytesMoved()));
    return table;
  }
}
