package dev.ostrakon.node;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.ReadResult;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The process that cluster tests start: one node with one group on a real disk, commanded over
 * standard input, a line each, and answering over standard output, a line each, in any order.
 *
 * <pre>
 * propose C   applied C N | notleader C | overloaded C | superseded C | unknown C
 * read C      read C N | read C DROPPED | read C TIMED_OUT | read C STOPPED
 * count C     count C N             what this replica holds, whatever the others say
 * status S    status S role=.. ...  S is any word that is echoed
 * stop        stopped               and ends the process
 * </pre>
 *
 * <p>The first line is {@code ready}, or {@code failed REASON} and exit code 1.
 */
final class RaftTestNode {

  private static final GroupId GROUP = new GroupId(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PrintStream out;
  private final DurableHost host;
  private final HostedReplica<Long> replica;
  private final List<CountingMachine> machines;

  private RaftTestNode(
      PrintStream out,
      DurableHost host,
      HostedReplica<Long> replica,
      List<CountingMachine> machines) {
    this.out = out;
    this.host = host;
    this.replica = replica;
    this.machines = machines;
  }

  /**
   * Arguments: number of the node, all ports by number, folder, checkpoint and retained entries.
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<Integer> ports = new ArrayList<>();
    for (String port : args[1].split(",", -1)) {
      ports.add(Integer.parseInt(port));
    }
    int number = Integer.parseInt(args[0]);
    Vertx vertx = NodeVertx.create(1);
    List<CountingMachine> machines = new ArrayList<>();
    DurableHost.start(
            vertx,
            config(number, ports, Path.of(args[2])),
            clock(ports.size() - 1),
            RpcServices.none())
        .compose(
            host ->
                host.raft()
                    .host(
                        GroupSpec.ofVoters(
                            GROUP,
                            new ReplicaId(number),
                            TestPeer.PLACEMENT,
                            TestConfigs.quick(Integer.parseInt(args[3]), Integer.parseInt(args[4])),
                            state -> {
                              CountingMachine machine = new CountingMachine(state);
                              machines.add(machine);
                              return machine;
                            }))
                    .map(replica -> new RaftTestNode(out, host, replica, machines)))
        .onSuccess(
            node -> {
              node.replica.failure().onSuccess(cause -> Runtime.getRuntime().halt(3));
              out.println("ready");
              new Thread(node::obey, "commands").start();
            })
        .onFailure(
            cause -> {
              out.println("failed " + cause);
              Runtime.getRuntime().halt(1);
            });
  }

  private static NodeClock clock(int peerCount) {
    return new NodeClock(System::currentTimeMillis, peerCount, peerCount + 1, ClockConfig.DEFAULTS);
  }

  private static NodeConfig config(int number, List<Integer> ports, Path folder) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int other = 1; other <= ports.size(); other++) {
      if (other != number) {
        peers.put(TestPeer.node(other), new NodeAddress("127.0.0.1", ports.get(other - 1)));
      }
    }
    NodeConfig.Limits defaults = NodeConfig.Limits.DEFAULTS;
    return new NodeConfig(
        "cluster",
        "cluster",
        "cluster",
        TestPeer.node(number),
        new NodeAddress("127.0.0.1", ports.get(number - 1)),
        peers,
        folder,
        TlsSettings.NONE,
        new NodeConfig.Limits(
            1,
            TestConfigs.TICK_NANOS,
            defaults.handoverMillis(),
            defaults.peers(),
            TestConfigs.SMALL_STORAGE,
            defaults.clock()));
  }

  private void obey() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null) {
        List<String> words = List.of(line.split(" ", -1));
        obey(words.get(0), words.get(words.size() - 1));
        line = in.readLine();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    // The test is gone: so is its node.
    Runtime.getRuntime().halt(2);
  }

  private void obey(String verb, String word) {
    switch (verb) {
      case "propose" -> replica.owner().execute(() -> propose(word));
      case "read" -> replica.owner().execute(() -> read(word));
      case "count" ->
          StateReader.count(replica, word)
              .onSuccess(count -> out.println("count " + word + " " + count));
      case "status" -> replica.owner().execute(() -> status(word));
      case "stop" -> stop();
      default -> throw new IllegalArgumentException(verb);
    }
  }

  private void propose(String command) {
    replica
        .replica()
        .propose(
            Bytes.utf8(command),
            deadlineNanos(),
            outcome -> out.println(describe(outcome, command)));
  }

  private static String describe(ProposalOutcome<Long> outcome, String command) {
    if (outcome instanceof ProposalOutcome.Applied<Long> applied) {
      return "applied " + command + " " + applied.result();
    }
    return outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + " " + command;
  }

  private void read(String command) {
    replica
        .replica()
        .read(
            deadlineNanos(),
            result -> {
              Promise<String> count = Promise.promise();
              if (result == ReadResult.READY) {
                StateReader.count(replica.state(), command, count);
              } else {
                count.complete(result.toString());
              }
              count.future().onSuccess(text -> out.println("read " + command + " " + text));
            });
  }

  private void status(String word) {
    RaftStatus status = replica.replica().status();
    out.println(
        "status "
            + word
            + " role="
            + status.role()
            + " term="
            + status.term()
            + " first="
            + status.firstIndex()
            + " commit="
            + status.commitIndex()
            + " applied="
            + status.appliedIndex()
            + " restored="
            + machines.get(0).restoredCount());
  }

  private void stop() {
    host.stop()
        .onSuccess(
            stopped -> {
              out.println("stopped");
              Runtime.getRuntime().halt(0);
            })
        .onFailure(
            cause -> {
              out.println("failed " + cause);
              Runtime.getRuntime().halt(1);
            });
  }

  private long deadlineNanos() {
    return replica.owner().nowNanos() + PATIENCE.toNanos();
  }
}
