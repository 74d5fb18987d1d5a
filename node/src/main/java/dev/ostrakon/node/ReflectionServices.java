package dev.ostrakon.node;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.List;

/**
 * Server reflection under its name and under its former one, {@code v1alpha}, which older tools
 * call; the messages of both are the same on the wire. Only the first is listed.
 */
final class ReflectionServices implements Service {
  private static final ServiceName FORMER =
      ServiceName.create("grpc.reflection.v1alpha.ServerReflection");

  private final Service present = ReflectionService.v1();

  @Override
  public ServiceName name() {
    return present.name();
  }

  @Override
  public ServiceDescriptor descriptor() {
    return present.descriptor();
  }

  @Override
  public void bind(GrpcServer server) {
    present.bind(server);
    present.bind(new Renaming(server));
  }

  /** A server on which everything is bound under the former name. */
  private record Renaming(GrpcServer server) implements GrpcServer {
    @Override
    public <Q, A> GrpcServer callHandler(
        ServiceMethod<Q, A> method, Handler<GrpcServerRequest<Q, A>> handler) {
      server.callHandler(
          ServiceMethod.server(FORMER, method.methodName(), method.encoder(), method.decoder()),
          handler);
      return this;
    }

    @Override
    public GrpcServer callHandler(Handler<GrpcServerRequest<Buffer, Buffer>> handler) {
      server.callHandler(handler);
      return this;
    }

    @Override
    public GrpcServer addService(Service service) {
      server.addService(service);
      return this;
    }

    @Override
    public List<Service> services() {
      return server.services();
    }

    @Override
    public void handle(HttpServerRequest request) {
      server.handle(request);
    }
  }
}
