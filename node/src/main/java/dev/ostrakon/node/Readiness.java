package dev.ostrakon.node;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.kv.Admission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a node serves: it knows the configuration, and its groups have leaders that it reaches;
 * and whether new clients are best sent to it. Any thread.
 */
final class Readiness {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);

  /** What runs on the disk and the network; none before it has started. */
  interface Host extends Supplier<@Nullable DurableHost> {}

  private final NodeParts parts;
  private final Admission admission;
  private final NodePorts ports;
  private final GroupHosting hosting;
  private final Host host;
  private final Promise<Void> ready = Promise.promise();
  private volatile boolean caughtUp;

  /** What keeps this node from being ready, for people; empty once it is. */
  private volatile List<String> missing = List.of("replicas are being recovered");

  Readiness(
      NodeParts parts, Admission admission, NodePorts ports, GroupHosting hosting, Host host) {
    this.parts = parts;
    this.admission = admission;
    this.ports = ports;
    this.hosting = hosting;
    this.host = host;
  }

  /** Ends once the node serves; fails if it stops, or a replica does, before. */
  Future<Void> ready() {
    return ready.future();
  }

  /** What keeps this node from being ready, for people; empty once it is. */
  List<String> missing() {
    return missing;
  }

  /** The node, or a replica of it, has stopped. */
  void fail(Throwable cause) {
    ready.tryFail(new IllegalStateException(cause.getMessage(), cause));
  }

  /** Looks again what is missing; to be called one at a time. */
  Future<Void> check() {
    return checkReady().compose(checked -> checkCaughtUp());
  }

  private boolean isConnected(NodeId peer) {
    DurableHost present = host.get();
    return present != null && present.raft().isConnected(peer);
  }

  /** Once the node has been ready it stays so until it stops. */
  private Future<Void> checkReady() {
    if (ready.future().isComplete()) {
      return Future.succeededFuture();
    }
    if (parts.map().routes().isEmpty()) {
      missing = withPeers(List.of("the configuration of the cluster is not known yet"));
      return Future.succeededFuture();
    }
    List<Future<Optional<String>>> asked =
        parts.groups().all().stream().map(this::missingOf).toList();
    return Future.all(asked)
        .map(
            answered -> {
              onMissing(asked.stream().flatMap(answer -> answer.result().stream()).toList());
              return null;
            });
  }

  private void onMissing(List<String> found) {
    if (found.isEmpty()) {
      log.info("ready node={}", parts.settings().id());
      missing = found;
      admission.open();
      ready.tryComplete();
    } else {
      missing = withPeers(found);
    }
  }

  private List<String> withPeers(List<String> found) {
    List<String> all = new ArrayList<>(found);
    DurableHost present = host.get();
    if (present != null) {
      all.addAll(present.raft().peerProblems());
    }
    return all;
  }

  /** Once the replicas have caught up after a start it does not matter any more. */
  private Future<Void> checkCaughtUp() {
    if (caughtUp || !ready.future().isComplete()) {
      return Future.succeededFuture();
    }
    return all(hosting.hosted().stream().map(HostedReplica::hasCaughtUp).toList())
        .map(
            done -> {
              caughtUp = done;
              return null;
            });
  }

  /** Whether all of these are true. */
  private static Future<Boolean> all(List<Future<Boolean>> answers) {
    return Future.all(answers).map(known -> answers.stream().allMatch(Future::result));
  }

  /** Whether all that the logs held at the start was applied again. */
  boolean hasCaughtUp() {
    return caughtUp;
  }

  /** Whether this node serves, and has applied again what its logs held when it started. */
  boolean isCaughtUp() {
    return caughtUp && admission.isOpen();
  }

  /** Why new clients are best sent to other nodes; empty if there is no reason. */
  Optional<String> unreadiness() {
    if (!isCaughtUp()) {
      return Optional.of("the node does not serve, or has not caught up");
    } else if (admission.isFullOfSessions()) {
      return Optional.of(
          admission.sessionsMax() + " sessions are open, no more are let in (sessions-max)");
    } else if (ports.server().isFull()) {
      return Optional.of(
          ports.server().max() + " connections are open, no more are let in (connections-max)");
    }
    return Optional.empty();
  }

  /**
   * What keeps a group from being served through this node, if anything does: it has no leader, has
   * adopted no configuration, or nothing that this node says reaches its leader.
   */
  private Future<Optional<String>> missingOf(LocalGroup group) {
    Promise<Optional<String>> missingHere = Promise.promise();
    Optional<NodeId> leader = parts.map().leaderOf(group.group());
    group
        .owner()
        .execute(
            () -> missingHere.complete(missingOf(group, leader, group.front().hasConfiguration())));
    return missingHere.future();
  }

  private Optional<String> missingOf(
      LocalGroup group, Optional<NodeId> leader, boolean hasConfiguration) {
    if (leader.isEmpty()) {
      return Optional.of("group " + group.group() + " has no leader");
    }
    NodeId leading = leader.get();
    if (!leading.equals(parts.settings().id()) && !isConnected(leading)) {
      return Optional.of(
          "group " + group.group() + " is led by " + leading + ", which this node cannot reach");
    }
    return hasConfiguration
        ? Optional.empty()
        : Optional.of("group " + group.group() + " has adopted no configuration");
  }
}
