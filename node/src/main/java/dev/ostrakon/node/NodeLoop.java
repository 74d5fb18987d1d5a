package dev.ostrakon.node;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a node: its scheduler, its tick, its share of the server's connections.
 *
 * <p>Threading: confined to its event loop, except {@link #scheduler} and what says otherwise.
 */
final class NodeLoop extends VerticleBase {

  private final long tickMillis;
  private final List<Runnable> ticked = new ArrayList<>();
  private final Promise<EventLoopScheduler> started = Promise.promise();
  private volatile @Nullable HttpServer server;

  /**
   * @param tickNanos the least time between two ticks
   */
  NodeLoop(long tickNanos) {
    this.tickMillis = Math.max(1, (tickNanos + 999_999) / 1_000_000);
  }

  @Override
  public Future<?> start() {
    started.complete(EventLoopScheduler.ofCurrentLoop());
    scheduleTick();
    return started.future();
  }

  @Override
  public Future<?> stop() {
    return closeServer();
  }

  /** Closes this loop's share of the socket and its connections; any thread, safe to repeat. */
  Future<Void> closeServer() {
    HttpServer open = server;
    server = null;
    return open == null ? Future.succeededFuture() : open.close();
  }

  /** The scheduler of this loop, once it was deployed; any thread. */
  EventLoopScheduler scheduler() {
    return started.future().result();
  }

  /** Shares in the listening socket; the loops of a node all do, and connections are spread. */
  Future<HttpServer> listen(HttpServerOptions options, Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(options)
        .requestHandler(handler)
        .listen()
        .onSuccess(open -> server = open);
  }

  /** From now on {@code task} runs at every tick. */
  void addTicked(Runnable task) {
    ticked.add(task);
  }

  void removeTicked(Runnable task) {
    ticked.remove(task);
  }

  /**
   * Set anew after each tick and not periodically: a loop that was held up then skips ticks, where
   * a periodic timer would make up for them in a burst and time a whole election out at once.
   */
  private void scheduleTick() {
    vertx.setTimer(
        tickMillis,
        timer -> {
          scheduleTick();
          List.copyOf(ticked).forEach(LoopTaskError::guard);
        });
  }
}
