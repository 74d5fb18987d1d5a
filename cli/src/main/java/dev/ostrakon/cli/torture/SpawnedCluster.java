package dev.ostrakon.cli.torture;

import dev.ostrakon.node.embedded.FreePorts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as processes of their own on this machine, and the links between them. Whatever happens,
 * the processes end with this one.
 */
final class SpawnedCluster implements AutoCloseable {
  private static final Pattern COMPILER_OR_COLLECTOR =
      Pattern.compile("-XX:([+-]Use\\w+GC|TieredStopAtLevel=\\d)");

  private static final int NODES_MAX = 99;

  /** From one node to another one. */
  record Link(int from, int to) {}

  private final String heap;
  private final List<Integer> ports;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Map<Link, FaultProxy> links = new LinkedHashMap<>();
  private final Thread endsNodes = new Thread(this::killAll, "end-nodes");

  private SpawnedCluster(int count, String heap) {
    this.heap = heap;
    ports = FreePorts.find(count);
  }

  /**
   * Starts nodes; they may not serve yet.
   *
   * @param folder takes the data and the log of each
   */
  static SpawnedCluster start(int count, int groups, Path folder) throws IOException {
    return start(count, groups, SpawnSettings.DEFAULT_HEAP, folder);
  }

  /**
   * Starts nodes; they may not serve yet.
   *
   * @param heap of each node, as java's -Xmx takes it
   * @param folder takes the data and the log of each
   */
  static SpawnedCluster start(int count, int groups, String heap, Path folder) throws IOException {
    if (count < 1 || count > NODES_MAX) {
      throw new IllegalArgumentException("nodes must be in [1, " + NODES_MAX + "], was " + count);
    }
    SpawnedCluster cluster = new SpawnedCluster(count, heap);
    Runtime.getRuntime().addShutdownHook(cluster.endsNodes);
    try {
      cluster.spawn(groups, folder);
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void spawn(int groups, Path folder) throws IOException {
    for (int from = 0; from < ports.size(); from++) {
      for (int to = 0; to < ports.size(); to++) {
        if (from != to) {
          links.put(new Link(from, to), new FaultProxy(ports.get(to)));
        }
      }
    }
    for (int node = 0; node < ports.size(); node++) {
      Path own = Files.createDirectories(folder.resolve(name(node)));
      Path log = folder.resolve(name(node) + ".log");
      NodeProcess process =
          new NodeProcess(
              name(node),
              ports.get(node),
              command(node, groups, own),
              log,
              folder.resolve(name(node) + ".offset"));
      process.setClockOffset(0);
      nodes.add(process);
      process.start();
    }
  }

  private static String name(int node) {
    return "n" + (node + 1);
  }

  private List<String> command(int node, int groups, Path data) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(compilerAndCollector());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.ostrakon.cli.Main", "node", "--id", name(node)));
    command.addAll(List.of("--listen", address(ports.get(node)), "--data", data.toString()));
    command.addAll(List.of("--peers", peers(), "--groups", Integer.toString(groups)));
    String routes = routes(node);
    if (!routes.isEmpty()) {
      command.addAll(List.of("--routes", routes));
    }
    return command;
  }

  /** Nodes run with what this process was started with, and with none of its other options. */
  private static List<String> compilerAndCollector() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> COMPILER_OR_COLLECTOR.matcher(argument).matches())
        .toList();
  }

  private static String address(int port) {
    return "127.0.0.1:" + port;
  }

  private String peers() {
    List<String> peers = new ArrayList<>();
    for (int node = 0; node < ports.size(); node++) {
      peers.add(name(node) + "=" + address(ports.get(node)));
    }
    return String.join(",", peers);
  }

  /** Where a node reaches the others: through its links. */
  private String routes(int node) {
    return links.entrySet().stream()
        .filter(entry -> entry.getKey().from() == node)
        .map(entry -> name(entry.getKey().to()) + "=" + address(entry.getValue().port()))
        .collect(Collectors.joining(","));
  }

  /** Where clients reach the nodes. */
  List<String> addresses() {
    return ports.stream().map(SpawnedCluster::address).toList();
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  /** The link from one node to another one; null if they are the same. */
  @Nullable FaultProxy link(int from, int to) {
    return links.get(new Link(from, to));
  }

  /** Opens all links. */
  void openLinks() {
    links.values().forEach(link -> link.set(FaultProxy.Mode.OPEN, 0));
  }

  private void killAll() {
    for (NodeProcess node : nodes) {
      try {
        node.kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    killAll();
    links.values().forEach(FaultProxy::close);
    try {
      Runtime.getRuntime().removeShutdownHook(endsNodes);
    } catch (IllegalStateException e) {
      return; // The JVM is ending already.
    }
  }
}
