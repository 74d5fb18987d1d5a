package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.HeaderCodec;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.ShardsCall;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.StatusCodec;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.RebalanceRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import dev.ostrakon.protocol.v1.ShardsGrpcClient;
import dev.ostrakon.protocol.v1.StatusGrpcClient;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.StatusResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcReadStream;
import io.vertx.grpc.common.ServiceMethod;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One sending of a unary call to one node. An error that the node tells fails the future with
 * {@link ServiceErrorException}. Confined to one event loop.
 */
final class UnaryCalls {
  private final Vertx vertx;
  private final Connector connector;
  private final ServerClock clock;

  /** By address; bounded by what addresses are known. */
  private final Map<String, GrpcClient> clients = new HashMap<>();

  UnaryCalls(Vertx vertx, Connector connector, ServerClock clock) {
    this.vertx = vertx;
    this.connector = connector;
    this.clock = clock;
  }

  /** An error as a node told it. */
  static final class ServiceErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ServiceError error;

    ServiceErrorException(ServiceError error) {
      super(error.code() + ": " + error.message(), null, false, false);
      this.error = error;
    }

    ServiceError error() {
      return error;
    }
  }

  /** A call of the controller. */
  Future<ClusterView> shards(String address, ShardsCall call, RequestHeader header) {
    return sendShards(address, call, header).compose(response -> viewOf(response));
  }

  private Future<ConfigurationResponse> sendShards(
      String address, ShardsCall call, RequestHeader header) {
    int millis = header.getTimeoutMillis();
    if (call instanceof ShardsCall.Query query) {
      return send(address, ShardsGrpcClient.Query, ShardsCodec.encode(header, query), millis);
    } else if (call instanceof ShardsCall.Join join) {
      return send(address, ShardsGrpcClient.Join, ShardsCodec.encode(header, join), millis);
    } else if (call instanceof ShardsCall.Leave leave) {
      return send(address, ShardsGrpcClient.Leave, ShardsCodec.encode(header, leave), millis);
    } else if (call instanceof ShardsCall.Move move) {
      return send(address, ShardsGrpcClient.Move, ShardsCodec.encode(header, move), millis);
    }
    RebalanceRequest rebalance = RebalanceRequest.newBuilder().setHeader(header).build();
    return send(address, ShardsGrpcClient.Rebalance, rebalance, millis);
  }

  /** What a node says of itself. */
  Future<NodeStatus> status(String address, RequestHeader header) {
    StatusRequest request = StatusRequest.newBuilder().setHeader(header).build();
    return send(address, StatusGrpcClient.Get, request, header.getTimeoutMillis())
        .compose(response -> statusOf(response));
  }

  /**
   * One sending, whose time counts from now and not from when there is a connection: a node that
   * has stopped accepts connections and never answers on them.
   */
  private <Q, R> Future<R> send(
      String address, ServiceMethod<R, Q> method, Q message, int timeoutMillis) {
    SocketAddress socket;
    try {
      socket = Connector.socketAddress(address);
    } catch (IllegalArgumentException e) { // A node told it.
      return Future.failedFuture(e);
    }
    GrpcClient client = clients.computeIfAbsent(address, ignored -> connector.newClient());
    Promise<R> answer = Promise.promise();
    long timer =
        vertx.setTimer(
            timeoutMillis,
            ignored ->
                answer.tryFail(
                    new TimeoutException(
                        address + " did not answer within " + timeoutMillis + " ms")));
    client
        .request(socket, method)
        .compose(
            request -> {
              if (answer.future().isComplete()) {
                request.cancel();
                return Future.<GrpcClientResponse<Q, R>>failedFuture("its time is over");
              }
              request.timeout(timeoutMillis, TimeUnit.MILLISECONDS);
              return request.send(message);
            })
        .compose(GrpcReadStream::last)
        .onComplete(answer::tryComplete, answer::tryFail);
    return answer
        .future()
        .onComplete(
            value -> vertx.cancelTimer(timer),
            cause -> {
              vertx.cancelTimer(timer);
              if (!(cause instanceof ServiceErrorException)) {
                replace(address, client);
              }
            });
  }

  /** A connection that has failed once is not used again: it may never answer any more. */
  private void replace(String address, GrpcClient client) {
    if (clients.remove(address, client)) {
      client.close();
    }
  }

  private Future<ClusterView> viewOf(ConfigurationResponse response) {
    try {
      Optional<ServiceError> error = errorOf(response.getHeader());
      return error.isPresent()
          ? Future.failedFuture(new ServiceErrorException(error.get()))
          : Future.succeededFuture(ShardsCodec.decode(response));
    } catch (MalformedMessageException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<NodeStatus> statusOf(StatusResponse response) {
    try {
      Optional<ServiceError> error = errorOf(response.getHeader());
      return error.isPresent()
          ? Future.failedFuture(new ServiceErrorException(error.get()))
          : Future.succeededFuture(StatusCodec.decode(response));
    } catch (MalformedMessageException e) {
      return Future.failedFuture(e);
    }
  }

  private Optional<ServiceError> errorOf(ResponseHeader header) throws MalformedMessageException {
    Optional<ServiceError> error = HeaderCodec.error(header);
    if (error.isEmpty() || error.get().code() != ErrorCode.WRONG_CLUSTER) {
      clock.guess(HybridTimestamp.fromPacked(header.getTimestamp()), System.nanoTime());
    }
    return error;
  }

  void close() {
    clients.values().forEach(GrpcClient::close);
    clients.clear();
  }
}
