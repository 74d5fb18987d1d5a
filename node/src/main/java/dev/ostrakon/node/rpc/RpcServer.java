package dev.ostrakon.node.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves gRPC over HTTP/2, Protobuf, without compression; nothing else. Bounds what calls may send
 * before it is kept or parsed.
 *
 * <p>Threading: confined to one event loop.
 */
public final class RpcServer implements GrpcServer {
  static final String CONTENT_TYPE = "application/grpc";
  private static final String CONTENT_TYPE_PROTO = "application/grpc+proto";
  private static final String IDENTITY = "identity";

  private final RpcLoop loop;
  private final List<Service> services = new ArrayList<>();
  private final Map<String, RpcMethod<?, ?>> methods = new HashMap<>();

  /** The service that is being added, whose descriptor tells about its methods. */
  private @Nullable Service adding;

  /** Serves nothing yet. */
  public RpcServer(RpcLoop loop) {
    this.loop = loop;
  }

  @Override
  public GrpcServer addService(Service service) {
    services.add(service);
    adding = service;
    service.bind(this);
    adding = null;
    return this;
  }

  @Override
  public List<Service> services() {
    return List.copyOf(services);
  }

  @Override
  public <Q, A> GrpcServer callHandler(
      ServiceMethod<Q, A> method, Handler<GrpcServerRequest<Q, A>> handler) {
    Service service = adding;
    if (service == null) {
      throw new IllegalStateException("methods are added with their service, was " + method);
    }
    MethodDescriptor descriptor = service.methodDescriptor(method.methodName()).orElseThrow();
    methods.put(
        "/" + method.fullMethodName(),
        new RpcMethod<>(
            method,
            handler,
            MessageShape.of(descriptor.getInputType()),
            loop.limits().of(method.serviceName().fullyQualifiedName()),
            descriptor.getInputType().getName(),
            descriptor.isClientStreaming()));
    return this;
  }

  /** Not offered: a call of an unknown method has nobody to go to. */
  @Override
  public GrpcServer callHandler(Handler<GrpcServerRequest<Buffer, Buffer>> handler) {
    throw new UnsupportedOperationException("only methods of services are served");
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request
          .response()
          .setStatusCode(505)
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
          .end("this port speaks gRPC over HTTP/2\n")
          .onComplete(ended -> request.connection().close());
      return;
    }
    MultiMap headers = request.headers();
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (!CONTENT_TYPE.equals(type) && !CONTENT_TYPE_PROTO.equals(type)) {
      request.response().setStatusCode(415).end("expected content-type " + CONTENT_TYPE + "\n");
      return;
    }
    String path = request.path();
    RpcMethod<?, ?> method = path == null ? null : methods.get(path);
    String encoding = headers.get("grpc-encoding");
    if (method == null) {
      refuse(request, GrpcStatus.UNIMPLEMENTED, "no such method: " + path);
    } else if (encoding != null && !encoding.equals(IDENTITY)) {
      refuse(
          request,
          GrpcStatus.UNIMPLEMENTED,
          "grpc-encoding '" + encoding + "' is not supported, expected identity");
    } else if (!loop.tryOpen()) {
      refuse(
          request,
          GrpcStatus.RESOURCE_EXHAUSTED,
          "at most " + loop.limits().callsMax() + " calls may be open here");
    } else {
      start(method, request);
    }
  }

  private <Q, A> void start(RpcMethod<Q, A> method, HttpServerRequest request) {
    new RpcCall<>(loop, method, request).start();
  }

  private void refuse(HttpServerRequest request, GrpcStatus status, String message) {
    loop.counters().refused.increment();
    HttpServerResponse response = request.response();
    response.putHeader("content-type", CONTENT_TYPE);
    response.putHeader("grpc-accept-encoding", IDENTITY);
    response.putHeader("grpc-status", Integer.toString(status.code));
    response.putHeader("grpc-message", RpcResponse.percentEncode(message));
    response.end();
  }
}
