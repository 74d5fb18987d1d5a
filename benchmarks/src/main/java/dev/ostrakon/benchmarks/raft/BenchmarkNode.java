package dev.ostrakon.benchmarks.raft;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.DurableHost;
import dev.ostrakon.node.GroupSpec;
import dev.ostrakon.node.HostedReplica;
import dev.ostrakon.node.NodeClock;
import dev.ostrakon.node.NodeConfig;
import dev.ostrakon.node.NodeVertx;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerCounters;
import dev.ostrakon.node.rpc.RpcServices;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaConfig;
import dev.ostrakon.storage.LogStats;
import io.vertx.core.Future;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * One node of the benchmark's cluster, commanded line by line over standard input. Each command is
 * answered by one line.
 *
 * <pre>
 * transfer N    asks every group that leads here to be led by node N
 * leading       how many groups lead here
 * load N        keeps N proposals in flight, spread evenly over the groups
 * rate N        makes N proposals a second, whatever becomes of them, to one group after the other
 * sample        figures so far; latencies start anew
 * stop          closes the node and ends the process
 * </pre>
 */
final class BenchmarkNode {

  private static final String CLUSTER = "benchmark";

  private final PrintStream out;
  private final Vertx vertx;
  private final DurableHost host;
  private final List<HostedReplica<Boolean>> replicas;
  private final List<ProposalLoad> loads = new ArrayList<>();

  /** Proposals a second, or 0; confined to the event loop, as are the two below. */
  private int rate;

  private long rateStartNanos;
  private long rateProposed;

  private BenchmarkNode(
      PrintStream out,
      Vertx vertx,
      DurableHost host,
      List<HostedReplica<Boolean>> replicas,
      int valueBytes) {
    this.out = out;
    this.vertx = vertx;
    this.host = host;
    this.replicas = replicas;
    replicas.forEach(replica -> loads.add(new ProposalLoad(replica, valueBytes)));
  }

  /** Arguments: number of the node, all ports by number, folder, groups, bytes of a value. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int number = Integer.parseInt(args[0]);
    int groups = Integer.parseInt(args[3]);
    Vertx vertx = NodeVertx.create(1);
    NodeConfig config = config(number, args[1], Path.of(args[2]));
    NodeClock clock =
        new NodeClock(
            System::currentTimeMillis,
            config.peers().size(),
            config.peers().size() + 1,
            ClockConfig.DEFAULTS);
    DurableHost.start(vertx, config, clock, RpcServices.none())
        .compose(
            host ->
                host(host, number, groups)
                    .map(
                        replicas ->
                            new BenchmarkNode(
                                out, vertx, host, replicas, Integer.parseInt(args[4]))))
        .onSuccess(
            node -> {
              out.println("ready");
              new Thread(node::obey, "commands").start();
            })
        .onFailure(
            cause -> {
              out.println("failed " + cause);
              Runtime.getRuntime().halt(1);
            });
  }

  private static NodeConfig config(int number, String ports, Path folder) {
    SortedMap<NodeId, NodeAddress> nodes = new TreeMap<>();
    int next = 1;
    for (String port : ports.split(",", -1)) {
      nodes.put(node(next), new NodeAddress("127.0.0.1", Integer.parseInt(port)));
      next++;
    }
    NodeAddress listen = nodes.remove(node(number));
    if (listen == null) {
      throw new IllegalArgumentException("no port for node " + number);
    }
    return new NodeConfig(
        CLUSTER,
        CLUSTER,
        CLUSTER,
        node(number),
        listen,
        nodes,
        folder,
        TlsSettings.NONE,
        NodeConfig.Limits.DEFAULTS);
  }

  private static Future<List<HostedReplica<Boolean>>> host(
      DurableHost host, int number, int groups) {
    List<Future<HostedReplica<Boolean>>> hosted = new ArrayList<>();
    Map<ReplicaId, NodeId> voters =
        Map.of(new ReplicaId(1), node(1), new ReplicaId(2), node(2), new ReplicaId(3), node(3));
    for (int group = 1; group <= groups; group++) {
      hosted.add(
          host.raft()
              .host(
                  GroupSpec.ofVoters(
                      new GroupId(group),
                      new ReplicaId(number),
                      voters,
                      ReplicaConfig.DEFAULTS,
                      PutMachine::new)));
    }
    return Future.all(hosted).map(all -> hosted.stream().map(Future::result).toList());
  }

  private static NodeId node(int number) {
    return new NodeId("n" + number);
  }

  private void obey() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null) {
        String[] words = line.split(" ", 2);
        int argument = words.length > 1 ? Integer.parseInt(words[1]) : 0;
        onLoop(() -> obey(words[0], argument));
        line = in.readLine();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    // The benchmark is gone: so is its node.
    Runtime.getRuntime().halt(2);
  }

  /** There is one event loop: it owns every replica and every load. */
  private void onLoop(Runnable task) {
    replicas.get(0).owner().execute(task);
  }

  private void obey(String verb, int argument) {
    switch (verb) {
      case "transfer" -> transfer(new ReplicaId(argument));
      case "leading" -> out.println(leading().size());
      case "load" -> load(argument);
      case "rate" -> rate(argument);
      case "sample" -> out.println(sample());
      case "stop" -> stop();
      default -> throw new IllegalArgumentException(verb);
    }
  }

  private void transfer(ReplicaId to) {
    leading().stream()
        .filter(replica -> !replica.id().equals(to))
        .map(HostedReplica::replica)
        .forEach(replica -> replica.transferLeadership(to));
    out.println("ok");
  }

  private List<HostedReplica<Boolean>> leading() {
    return replicas.stream().filter(replica -> leads(replica.replica())).toList();
  }

  private static boolean leads(Replica<Boolean> replica) {
    return replica.status().role() == Role.LEADER;
  }

  private void load(int inFlight) {
    for (int i = 0; i < loads.size(); i++) {
      int share = inFlight / loads.size() + (i < inFlight % loads.size() ? 1 : 0);
      loads.get(i).setInFlight(share);
    }
    out.println("ok");
  }

  private void rate(int perSecond) {
    rateStartNanos = System.nanoTime();
    rateProposed = 0;
    rate = perSecond;
    if (perSecond > 0) {
      vertx.setTimer(1, timer -> proposeDue());
    }
    out.println("ok");
  }

  private void proposeDue() {
    if (rate == 0) {
      return;
    }
    vertx.setTimer(1, timer -> proposeDue());
    long due = (long) ((System.nanoTime() - rateStartNanos) / 1e9 * rate);
    while (rateProposed < due) {
      loads.get((int) (rateProposed % loads.size())).proposeOne();
      rateProposed++;
    }
  }

  private String sample() {
    long applied = 0;
    long failed = 0;
    int inFlight = 0;
    Histogram latency = new Histogram(3);
    for (ProposalLoad load : loads) {
      applied += load.appliedCount();
      failed += load.failedCount();
      inFlight += load.inFlight();
      latency.add(load.latencyNanos());
      load.latencyNanos().reset();
    }
    LogStats log = host.logStats();
    PeerCounters.Snapshot peers = host.raft().peerCounters();
    return new Sample(
            System.nanoTime(),
            ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos(),
            applied,
            failed,
            inFlight,
            log.commits(),
            log.syncs(),
            log.entries(),
            log.fileBytes(),
            peers.framesSent(),
            peers.messagesSent(),
            peers.messagesDropped(),
            latency.getValueAtPercentile(50),
            latency.getValueAtPercentile(99),
            latency.getMaxValue())
        .toLine();
  }

  private void stop() {
    host.stop()
        .onComplete(
            stopped -> {
              out.println(stopped.succeeded() ? "stopped" : "failed " + stopped.cause());
              System.exit(stopped.succeeded() ? 0 : 1);
            });
  }
}
