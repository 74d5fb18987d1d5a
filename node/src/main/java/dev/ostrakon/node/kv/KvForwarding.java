package dev.ostrakon.node.kv;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Request;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import java.net.ConnectException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes unary calls on to the node that leads their group, so that callers need not know it. A
 * call goes over one hop: a node that is passed one answers itself, if only that it does not lead,
 * and then the leader that it names is asked, once.
 *
 * <p>A call is passed on under its id, so it is carried out once however often it is sent. Confined
 * to one event loop.
 */
public final class KvForwarding {
  /** Calls that are passed on and not answered; beyond it callers are told where to go. */
  static final int FORWARDED_MAX = 1_024;

  private static final Logger log = LoggerFactory.getLogger(KvForwarding.class);
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long REPORT_GAP_NANOS = 10_000_000_000L; // 10 s

  private final GrpcClient client;
  private final ClusterMap map;
  private final Function<NodeId, NodeAddress> routes;
  private final Scheduler loop;
  private int forwarded;
  private int lost;
  private long reportedNanos;

  /**
   * Passes calls on from a loop.
   *
   * @param client whose connections are shared by all calls
   * @param routes where this node reaches others
   */
  public KvForwarding(
      GrpcClient client, ClusterMap map, Function<NodeId, NodeAddress> routes, Scheduler loop) {
    this.client = client;
    this.map = map;
    this.routes = routes;
    this.loop = loop;
  }

  /**
   * How a call is made and what comes back.
   *
   * @param send makes it, with another header
   * @param header of what was answered
   */
  record Method<T>(
      BiFunction<KvGrpcClient, RequestHeader, Future<T>> send,
      Function<T, ResponseHeader> header) {}

  /** What a call was answered that was passed on: by a node, or instead of one. */
  record Answer<T>(@Nullable T response, @Nullable ServiceError error) {}

  /**
   * Passes a call on that this node does not carry out because it does not lead.
   *
   * @param error what the caller is told otherwise
   * @return empty if the call goes no further
   */
  <T> Optional<Future<Answer<T>>> forward(
      KvCalls.Routed routed,
      ServiceError error,
      RequestHeader header,
      long deadlineNanos,
      Method<T> method) {
    if (header.getForwarded() || forwarded >= FORWARDED_MAX) {
      return Optional.empty();
    }
    return target(routed, error)
        .map(
            node -> {
              forwarded++;
              Attempt<T> attempt =
                  new Attempt<>(
                      routed.call(), headerOf(routed.call(), header), deadlineNanos, method);
              return attempt.run(node).onComplete(told -> forwarded--, cause -> forwarded--);
            });
  }

  /** The leader, or whoever may know it. */
  private Optional<NodeId> target(KvCalls.Routed routed, ServiceError error) {
    if (error.code() != ErrorCode.NOT_LEADER) {
      return Optional.empty();
    }
    if (error.detail() instanceof ServiceError.Leader leader) {
      return Optional.of(leader.node());
    }
    return groupOf(routed)
        .flatMap(
            group ->
                map.routes()
                    .map(known -> known.configuration().groups().getOrDefault(group, List.of())))
        .flatMap(nodes -> nodes.stream().filter(node -> !node.equals(map.self())).findFirst());
  }

  private static Optional<GroupId> groupOf(KvCalls.Routed routed) {
    if (routed.call() instanceof KvCall.Scan scan) {
      return Optional.of(scan.range().group());
    }
    return routed.call() instanceof KvCall.AskOutcome ask
        ? Optional.of(ask.question().group())
        : routed.only();
  }

  /** The same call under the same id, also if this node has drawn it. */
  private static RequestHeader headerOf(KvCall call, RequestHeader header) {
    RequestHeader.Builder passedOn = header.toBuilder().setForwarded(true);
    if (call instanceof KvCall.Execute execute) {
      Request request = execute.request();
      passedOn
          .setClientHigh(request.id().request().client().high())
          .setClientLow(request.id().request().client().low())
          .setSequence(request.id().request().sequence())
          .setAttempt(request.id().attempt())
          .setIssuedAt(request.issuedAt().packed())
          .setWatermark(request.acknowledgement().watermark());
    }
    return passedOn.build();
  }

  private final class Attempt<T> {
    private final KvCall call;
    private final RequestHeader header;
    private final long deadlineNanos;
    private final Method<T> method;

    Attempt(KvCall call, RequestHeader header, long deadlineNanos, Method<T> method) {
      this.call = call;
      this.header = header;
      this.deadlineNanos = deadlineNanos;
      this.method = method;
    }

    Future<Answer<T>> run(NodeId first) {
      return ask(first)
          .compose(
              answer ->
                  hint(answer)
                      .filter(node -> !node.equals(first) && !node.equals(map.self()))
                      .map(this::ask)
                      .orElseGet(() -> Future.succeededFuture(answer)));
    }

    /** Whom a node that does not lead names instead, which has then done nothing itself. */
    private Optional<NodeId> hint(Answer<T> answer) {
      if (answer.response() == null) {
        return Optional.empty();
      }
      String named = method.header().apply(answer.response()).getError().getLeader().getNodeId();
      return map.addresses().keySet().stream()
          .filter(node -> node.name().equals(named))
          .findFirst();
    }

    private Future<Answer<T>> ask(NodeId node) {
      long leftMillis = Math.max(1, (deadlineNanos - loop.nowNanos()) / NANOS_PER_MILLI);
      SocketAddress socket = routes.apply(node).toSocketAddress();
      RequestHeader timed = header.toBuilder().setTimeoutMillis((int) leftMillis).build();
      return method
          .send()
          .apply(KvGrpcClient.create(client, socket), timed)
          .timeout(leftMillis, TimeUnit.MILLISECONDS)
          .map(response -> new Answer<>(response, null))
          .recover(cause -> Future.succeededFuture(new Answer<>(null, lost(node, cause))));
    }

    private ServiceError lost(NodeId node, Throwable cause) {
      report(node, cause);
      String who = "the call was passed on to node " + node + ", which ";
      if (cause instanceof ConnectException) {
        return new ServiceError(
            ErrorCode.UNAVAILABLE, who + "cannot be reached (" + cause.getMessage() + ")");
      }
      boolean mayHaveEffect = !(call instanceof KvCall.Read || call instanceof KvCall.Scan);
      return new ServiceError(
          mayHaveEffect ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.UNAVAILABLE,
          who + "did not answer in time");
    }
  }

  /** Says so once in a while: a node that is down loses every call. */
  private void report(NodeId node, Throwable cause) {
    lost++;
    long nowNanos = loop.nowNanos();
    if (lost == 1 || nowNanos - reportedNanos >= REPORT_GAP_NANOS) {
      reportedNanos = nowNanos;
      log.warn(
          "lost a call that was passed on from={} to={} lost_so_far={} cause={}",
          map.self(),
          node,
          lost,
          cause.toString());
    }
  }
}
