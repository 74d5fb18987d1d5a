package dev.ostrakon.node.admin;

import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.protocol.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Serves health, metrics and status over HTTP. */
public final class AdminServer {

  /**
   * What is served.
   *
   * @param live whether the process can still do its part
   * @param unreadiness why new clients are best sent to other nodes; empty if there is no reason
   * @param metrics in the text format of Prometheus
   * @param transactions what is pending, and its release
   */
  public record Sources(
      BooleanSupplier live,
      Supplier<Optional<String>> unreadiness,
      Supplier<Future<String>> metrics,
      Supplier<Future<NodeStatus>> status,
      TransactionsEndpoint transactions) {}

  /** Requests that may be under way. */
  private static final int REQUESTS_MAX = 16;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private final HttpServer server;

  private AdminServer(HttpServer server) {
    this.server = server;
  }

  /** Opens the endpoint; fails if the address is taken. */
  public static Future<AdminServer> start(Vertx vertx, NodeAddress address, Sources sources) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setHttp2ClearTextEnabled(false);
    AtomicInteger underWay = new AtomicInteger();
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> admit(request, sources, underWay))
        .listen()
        .map(AdminServer::new)
        .recover(cause -> Future.failedFuture(address.cannotListen(cause)));
  }

  /** One request a connection, and few at a time: an operator's tools need no more. */
  private static void admit(HttpServerRequest request, Sources sources, AtomicInteger underWay) {
    if (underWay.incrementAndGet() > REQUESTS_MAX) {
      underWay.decrementAndGet();
      answer(request, 503, TEXT, "at most " + REQUESTS_MAX + " requests may be under way\n");
      return;
    }
    AtomicBoolean isOver = new AtomicBoolean();
    Handler<Void> over =
        ended -> {
          if (isOver.compareAndSet(false, true)) {
            underWay.decrementAndGet();
          }
        };
    request.response().endHandler(over).closeHandler(over);
    serve(request, sources);
  }

  private static void serve(HttpServerRequest request, Sources sources) {
    if (request.path().equals("/transactions/release")) {
      release(request, sources);
      return;
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      answer(request, 405, TEXT, "only GET is allowed\n");
      return;
    }
    switch (request.path()) {
      case "/health/live" ->
          health(request, sources.live().getAsBoolean() ? Optional.empty() : Optional.of("failed"));
      case "/health/ready" -> health(request, sources.unreadiness().get());
      case "/metrics" -> later(request, METRICS, sources.metrics().get());
      case "/status" ->
          later(
              request,
              JSON,
              sources.status().get().map(status -> StatusJson.of(status).encodePrettily() + "\n"));
      case "/transactions" -> later(request, JSON, sources.transactions().list());
      default ->
          answer(
              request,
              404,
              TEXT,
              "expected /health/live, /health/ready, /metrics, /status or /transactions\n");
    }
  }

  private static void release(HttpServerRequest request, Sources sources) {
    if (!request.method().equals(HttpMethod.POST)) {
      answer(request, 405, TEXT, "only POST is allowed\n");
      return;
    }
    sources
        .transactions()
        .release(request.params())
        .onComplete(
            reply -> answer(request, reply.code(), TEXT, reply.text()),
            cause -> answer(request, 500, TEXT, cause + "\n"));
  }

  private static void health(HttpServerRequest request, Optional<String> problem) {
    answer(
        request,
        problem.isEmpty() ? 200 : 503,
        TEXT,
        problem.map(reason -> "not ok: " + reason + "\n").orElse("ok\n"));
  }

  private static void later(HttpServerRequest request, String type, Future<String> body) {
    body.onComplete(
        text -> answer(request, 200, type, text),
        cause -> answer(request, 500, TEXT, cause + "\n"));
  }

  private static void answer(HttpServerRequest request, int code, String type, String body) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response
        .setStatusCode(code)
        .putHeader("content-type", type)
        .putHeader("connection", "close")
        .end(body)
        .onComplete(ended -> request.connection().close());
  }

  /** Closes the endpoint. */
  public Future<Void> stop() {
    return server.close();
  }
}
