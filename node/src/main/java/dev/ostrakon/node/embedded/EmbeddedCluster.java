package dev.ostrakon.node.embedded;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.OstrakonNode;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.ClusterPlan;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.TimingSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of real nodes in this JVM. Nodes are counted from 0.
 *
 * <p>Thread-safe; its methods block and must not be called on an event loop. Lifecycle: {@link
 * #start}, nodes are killed and restarted, {@link #close}.
 */
public final class EmbeddedCluster implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final long POLL_MILLIS = 20;

  private final EmbeddedOptions options;
  private final Path folder;
  private final List<Integer> ports;
  private final List<Integer> adminPorts;
  private final Vertx wires = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  /** The wire from one node to another, by both their numbers. */
  private final SortedMap<NodeId, SortedMap<NodeId, CuttableLink>> links = new TreeMap<>();

  /** The nodes that run; null where one does not. Guarded by this. */
  private final List<@Nullable OstrakonNode> running = new ArrayList<>();

  private EmbeddedCluster(EmbeddedOptions options, Path folder) {
    this.options = options;
    this.folder = folder;
    List<Integer> free = FreePorts.find(2 * options.nodes());
    this.ports = free.subList(0, options.nodes());
    this.adminPorts = free.subList(options.nodes(), free.size());
    IntStream.range(0, options.nodes()).forEach(node -> running.add(null));
  }

  /** A cluster with the defaults, ready to serve. */
  public static EmbeddedCluster start() {
    return start(EmbeddedOptions.DEFAULTS);
  }

  /**
   * A cluster of this shape, ready to serve.
   *
   * @throws IllegalStateException if it does not get ready within a minute
   */
  public static EmbeddedCluster start(EmbeddedOptions options) {
    EmbeddedCluster cluster = new EmbeddedCluster(options, folderOf(options));
    try {
      cluster.openLinks();
      cluster.startAll();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static Path folderOf(EmbeddedOptions options) {
    Path wanted = options.folder();
    try {
      return wanted != null
          ? Files.createDirectories(wanted)
          : Files.createTempDirectory("ostrakon-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openLinks() {
    if (!options.cuttableLinks()) {
      return;
    }
    List<Integer> free = FreePorts.find(options.nodes() * options.nodes());
    for (int from = 0; from < options.nodes(); from++) {
      SortedMap<NodeId, CuttableLink> outgoing = new TreeMap<>();
      for (int to = 0; to < options.nodes(); to++) {
        if (from != to) {
          int port = free.get(from * options.nodes() + to);
          outgoing.put(id(to), await(CuttableLink.open(wires, port, ports.get(to))));
        }
      }
      links.put(id(from), outgoing);
    }
  }

  private synchronized void startAll() {
    List<Future<OstrakonNode>> starting = new ArrayList<>();
    for (int node = 0; node < options.nodes(); node++) {
      starting.add(OstrakonNode.start(settings(node)));
    }
    await(Future.join(starting).otherwiseEmpty());
    for (int node = 0; node < options.nodes(); node++) {
      if (starting.get(node).succeeded()) {
        running.set(node, starting.get(node).result());
      }
    }
    await(Future.all(starting));
    for (Future<OstrakonNode> started : starting) {
      await(started.result().ready());
    }
  }

  /** How many nodes the cluster has, running or not. */
  public int size() {
    return options.nodes();
  }

  /** The name of a node. */
  public NodeId id(int node) {
    return new NodeId("n" + (node + 1));
  }

  /** Where the nodes listen, {@code host:port}, by their numbers. */
  public List<String> addresses() {
    return ports.stream().map(port -> address(port).toString()).toList();
  }

  /** Where the admin endpoints of the nodes listen, {@code host:port}, by their numbers. */
  public List<String> adminAddresses() {
    return adminPorts.stream().map(port -> address(port).toString()).toList();
  }

  /** The folder that holds the folders of the nodes. */
  public Path folder() {
    return folder;
  }

  /** Whether a node runs. */
  public synchronized boolean isRunning(int node) {
    return running.get(node) != null;
  }

  /**
   * The node itself.
   *
   * @throws IllegalStateException if it does not run
   */
  public synchronized OstrakonNode node(int node) {
    OstrakonNode present = running.get(node);
    if (present == null) {
      throw new IllegalStateException("node " + id(node) + " does not run");
    }
    return present;
  }

  /** The running node that leads a group at present; empty if none does. */
  public OptionalInt leaderOf(GroupId group) {
    return IntStream.range(0, size())
        .filter(this::isRunning)
        .filter(number -> leads(number, group))
        .findFirst();
  }

  private boolean leads(int node, GroupId group) {
    synchronized (this) {
      OstrakonNode present = running.get(node);
      return present != null && present.isLeaderOf(group);
    }
  }

  /**
   * Waits until a running node leads a group.
   *
   * @throws IllegalStateException if none does within a minute
   */
  public int awaitLeaderOf(GroupId group) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    OptionalInt leader = leaderOf(group);
    while (leader.isEmpty()) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException("nobody leads group " + group);
      }
      await(wires.timer(POLL_MILLIS).mapEmpty());
      leader = leaderOf(group);
    }
    return leader.getAsInt();
  }

  /**
   * Ends a node abruptly: nobody is told, nothing is handed over, what was not yet given to the
   * disk is lost.
   */
  public synchronized void kill(int node) {
    OstrakonNode victim = node(node);
    running.set(node, null);
    await(victim.kill());
  }

  /** Stops a node in good order. */
  public synchronized void stop(int node) {
    OstrakonNode leaving = node(node);
    running.set(node, null);
    await(leaving.stop());
  }

  /** Starts a node again, on what its folder holds. */
  public synchronized void restart(int node) {
    if (running.get(node) != null) {
      throw new IllegalStateException("node " + id(node) + " runs already");
    }
    running.set(node, await(OstrakonNode.start(settings(node))));
  }

  /**
   * Cuts the link between two nodes, both ways; clients reach them still.
   *
   * @throws IllegalStateException if the cluster was not made with links that can be cut
   */
  public void cut(int one, int other) {
    link(one, other).cut();
    link(other, one).cut();
  }

  /** Mends the link between two nodes. */
  public void mend(int one, int other) {
    link(one, other).mend();
    link(other, one).mend();
  }

  private CuttableLink link(int from, int to) {
    SortedMap<NodeId, CuttableLink> outgoing = links.get(id(from));
    CuttableLink link = outgoing == null ? null : outgoing.get(id(to));
    if (link == null) {
      throw new IllegalStateException("expected a cluster with links that can be cut");
    }
    return link;
  }

  /** Ends all nodes, and deletes the folder if it was a temporary one. */
  @Override
  public synchronized void close() {
    List<Future<Void>> ending = new ArrayList<>();
    for (int node = 0; node < size(); node++) {
      OstrakonNode present = running.get(node);
      if (present != null) {
        running.set(node, null);
        ending.add(present.kill());
      }
    }
    await(Future.join(ending).otherwiseEmpty());
    await(wires.close());
    if (options.folder() == null) {
      delete(folder);
    }
  }

  private NodeSettings settings(int node) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int other = 0; other < size(); other++) {
      peers.put(id(other), address(ports.get(other)));
    }
    SortedMap<NodeId, NodeAddress> routes = new TreeMap<>();
    links
        .getOrDefault(id(node), new TreeMap<>())
        .forEach((to, link) -> routes.put(to, address(link.port())));
    NodeSettings defaults =
        NodeSettings.of(id(node), address(ports.get(node)), folder.resolve(id(node).name()), peers);
    NodeSettings settings =
        defaults
            .withPlan(plan(defaults.plan()))
            .withRoutes(routes)
            .with(MemorySettings.SMALL, TimingSettings.QUICK, options.serving());
    return options.adminEndpoints() ? settings.withAdmin(address(adminPorts.get(node))) : settings;
  }

  private ClusterPlan plan(ClusterPlan defaults) {
    return new ClusterPlan(
        defaults.clusterId(),
        defaults.nodes(),
        options.groups(),
        options.replicas(),
        options.slots(),
        defaults.limits(),
        defaults.windowMillis(),
        defaults.horizonMillis(),
        defaults.pendingMax());
  }

  private static NodeAddress address(int port) {
    return new NodeAddress("127.0.0.1", port);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the cluster did not get ready in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
