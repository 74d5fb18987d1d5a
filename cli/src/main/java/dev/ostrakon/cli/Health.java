package dev.ostrakon.cli;

import dev.ostrakon.client.NodeReport;
import dev.ostrakon.protocol.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The verdict over a cluster, from what its nodes say.
 *
 * @param level how bad it is
 * @param problems what is wrong, one phrase each; empty if it is healthy
 */
record Health(Level level, List<String> problems) {

  /** How bad it is. */
  enum Level {
    /** Every node answers, and every group has a leader and all its replicas. */
    HEALTHY(Main.OK),
    /** Everything is served, but a further failure may end that. */
    DEGRADED(Main.ABSENT),
    /** A group has no leader: its keys are not served. */
    NO_QUORUM(Main.REFUSED);

    private final int exitCode;

    Level(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  Health {
    problems = List.copyOf(problems);
  }

  /** The verdict over what all nodes of a cluster said, of which at least one answered. */
  static Health of(List<NodeReport> reports) {
    List<String> leaderless = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (NodeReport report : reports) {
      if (report.status().isEmpty()) {
        problems.add(report.address() + " does not answer");
      }
    }
    List<NodeStatus> answers = reports.stream().flatMap(each -> each.status().stream()).toList();
    Map<Long, Boolean> led = new TreeMap<>();
    for (NodeStatus node : answers) {
      for (NodeStatus.Replica replica : node.replicas()) {
        long group = replica.group().number();
        led.merge(group, replica.role() == NodeStatus.Role.LEADER, Boolean::logicalOr);
        if (!replica.stopped().isEmpty()) {
          problems.add(
              "the replica of group " + group + " on " + node.node().name() + " has stopped");
        } else if (!replica.problem().isEmpty()) {
          problems.add(
              "the replica of group "
                  + group
                  + " on "
                  + node.node().name()
                  + ": "
                  + replica.problem());
        }
      }
      addLostPeers(node, answers, problems);
    }
    led.forEach(
        (group, hasLeader) -> {
          if (!hasLeader) {
            leaderless.add(group == 0 ? "the controller group" : "group " + group);
          }
        });
    if (!leaderless.isEmpty()) {
      String without = String.join(", ", leaderless) + " without a leader";
      problems.add(0, without);
      return new Health(Level.NO_QUORUM, problems);
    }
    return new Health(problems.isEmpty() ? Level.HEALTHY : Level.DEGRADED, problems);
  }

  /** Nodes that answer us but do not hear each other. */
  private static void addLostPeers(
      NodeStatus node, List<NodeStatus> answers, List<String> problems) {
    for (NodeStatus.Peer peer : node.peers()) {
      boolean answersUs = answers.stream().anyMatch(other -> other.node().equals(peer.node()));
      if (!peer.connected() && answersUs) {
        problems.add(node.node().name() + " has lost " + peer.node().name());
      }
    }
  }

  int exitCode() {
    return level.exitCode;
  }

  /** The first line of a status: {@code DEGRADED: 127.0.0.1:7103 does not answer}. */
  @Override
  public String toString() {
    String name = level.name().replace('_', ' ');
    return problems.isEmpty() ? name : name + ": " + String.join("; ", problems);
  }
}
