package dev.ostrakon.node;

import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerFlowControl;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.node.rpc.RpcLimits;
import dev.ostrakon.node.rpc.RpcLoop;
import dev.ostrakon.node.rpc.RpcServer;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The event loops of one node and the gRPC server that they share. Any thread. */
final class NodeLoops {

  private final Vertx vertx;
  private final List<NodeLoop> loops;
  private final String deployment;

  /** Spreads what is pinned to a loop over all of them. */
  private final AtomicInteger next = new AtomicInteger();

  private NodeLoops(Vertx vertx, List<NodeLoop> loops, String deployment) {
    this.vertx = vertx;
    this.loops = loops;
    this.deployment = deployment;
  }

  /**
   * Starts the loops.
   *
   * @param count at least 1, and not above the number of event loops of {@code vertx}
   * @param tickNanos the least time between two ticks
   */
  static Future<NodeLoops> start(Vertx vertx, int count, long tickNanos) {
    List<NodeLoop> loops = Collections.synchronizedList(new ArrayList<>());
    return vertx
        .deployVerticle(
            () -> {
              NodeLoop loop = new NodeLoop(tickNanos);
              loops.add(loop);
              return loop;
            },
            new DeploymentOptions().setInstances(count))
        .map(deployment -> new NodeLoops(vertx, List.copyOf(loops), deployment));
  }

  List<EventLoopScheduler> schedulers() {
    return loops.stream().map(NodeLoop::scheduler).toList();
  }

  /** A loop for the next thing to be pinned. */
  NodeLoop next() {
    return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
  }

  /** What a server of the node is like, in the clear. */
  static HttpServerOptions serverOptions(NodeAddress address) {
    return new HttpServerOptions()
        .setHost(address.host())
        .setPort(address.port())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setInitialSettings(PeerFlowControl.serverSettings())
        .setHttp2ConnectionWindowSize(PeerFlowControl.CONNECTION_WINDOW_BYTES);
  }

  /**
   * Opens the node's port on all loops; fails if it is taken.
   *
   * @param limits of each loop
   * @param counters of all loops
   * @param services made anew for each loop, which then serves them
   */
  Future<Void> listen(
      HttpServerOptions options,
      RpcLimits limits,
      RpcCounters counters,
      List<Function<Scheduler, Service>> services) {
    List<Future<?>> listening = new ArrayList<>();
    for (NodeLoop loop : loops) {
      RpcLoop calls = new RpcLoop(vertx, limits, counters);
      RpcServer server = new RpcServer(calls);
      services.forEach(service -> server.addService(service.apply(loop.scheduler())));
      listening.add(
          run(
                  loop,
                  () -> {
                    loop.addTicked(calls::tick);
                    return loop.listen(options, server);
                  })
              .compose(opened -> opened));
    }
    return Future.all(listening)
        .<Void>mapEmpty()
        .recover(
            cause ->
                Future.failedFuture(
                    new NodeAddress(options.getHost(), options.getPort()).cannotListen(cause)));
  }

  /** Runs a task on a loop. */
  static <T> Future<T> run(NodeLoop loop, Callable<T> task) {
    Promise<T> done = Promise.promise();
    loop.scheduler()
        .execute(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception e) {
                done.fail(e);
              }
            });
    return done.future();
  }

  /** Closes the port and its connections; the loops go on. */
  Future<Void> closeServers() {
    return Future.join(loops.stream().map(NodeLoop::closeServer).toList()).mapEmpty();
  }

  /** Closes the port and ends the loops' ticks. */
  Future<Void> stop() {
    return vertx.undeploy(deployment);
  }
}
