package dev.ostrakon.benchmarks.raft;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Three nodes on new disks, of which the first leads all groups. Confined to one thread. */
final class BenchmarkCluster implements AutoCloseable {

  private static final int NODES = 3;
  private static final int POLL_MILLIS = 100;
  private static final int POLLS_MAX = 600; // 1 min

  private final Path folder;
  private final List<BenchmarkProcess> nodes = new ArrayList<>();

  private BenchmarkCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts the nodes and waits until the first leads every group.
   *
   * @param folder for the disks; removed in the end
   */
  static BenchmarkCluster start(Path folder, int groups, int valueBytes, List<String> jvmOptions)
      throws IOException {
    BenchmarkCluster cluster = new BenchmarkCluster(folder);
    try {
      String ports = String.join(",", freePorts());
      for (int number = 1; number <= NODES; number++) {
        Path home = folder.resolve("n" + number);
        cluster.nodes.add(
            BenchmarkProcess.start(
                home,
                jvmOptions,
                List.of(
                    Integer.toString(number),
                    ports,
                    home.resolve("data").toString(),
                    Integer.toString(groups),
                    Integer.toString(valueBytes))));
      }
      for (BenchmarkProcess node : cluster.nodes) {
        node.awaitReady();
      }
      cluster.awaitLeader(groups);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  BenchmarkProcess leader() {
    return nodes.get(0);
  }

  List<Sample> sample() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (BenchmarkProcess node : nodes) {
      samples.add(node.sample());
    }
    return samples;
  }

  private void awaitLeader(int groups) throws IOException {
    for (int poll = 0; poll < POLLS_MAX; poll++) {
      if (Integer.parseInt(leader().ask("leading")) == groups) {
        return;
      }
      for (BenchmarkProcess node : nodes) {
        node.ask("transfer 1");
      }
      leader().run(POLL_MILLIS);
    }
    throw new IOException("node 1 does not come to lead all groups");
  }

  private static List<String> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(Integer.toString(socket.getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(BenchmarkProcess::close);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
