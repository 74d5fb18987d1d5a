package dev.ostrakon.node.rpc;

import io.vertx.core.Handler;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServerRequest;

/**
 * A method that is served.
 *
 * @param requestType the name of its request, for people
 * @param streaming whether a call may bring more than one request
 */
record RpcMethod<Q, A>(
    ServiceMethod<Q, A> method,
    Handler<GrpcServerRequest<Q, A>> handler,
    MessageShape shape,
    MessageLimits limits,
    String requestType,
    boolean streaming) {}
