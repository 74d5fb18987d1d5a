package dev.ostrakon.node;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.v1.Error;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import dev.ostrakon.protocol.v1.WriteResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A simple client on generated stubs: unary calls that follow hints from node to node. Blocking.
 */
final class KvClientOfTests implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final long MESSAGE_BYTES_MAX = 16 << 20; // 16 MiB

  private final Vertx vertx;
  private final GrpcClient client;
  private final List<String> addresses;

  KvClientOfTests(Vertx vertx, List<String> addresses) {
    this.vertx = vertx;
    this.addresses = addresses;
    this.client =
        GrpcClient.client(
            vertx,
            new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX),
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  GrpcClient grpc() {
    return client;
  }

  static SocketAddress socket(String address) {
    int colon = address.lastIndexOf(':');
    return SocketAddress.inetSocketAddress(
        Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon));
  }

  KvGrpcClient at(int node) {
    return KvGrpcClient.create(client, socket(addresses.get(node)));
  }

  /** Puts a key wherever its group is led, again and again until it is done. */
  WriteResponse put(String key, String value) {
    return put(RequestHeader.getDefaultInstance(), key, value);
  }

  WriteResponse put(RequestHeader header, String key, String value) {
    PutRequest request =
        PutRequest.newBuilder()
            .setHeader(header.toBuilder().setTimeoutMillis(TIMEOUT_MILLIS))
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    return untilDone(kv -> kv.put(request), WriteResponse::getHeader);
  }

  GetResponse get(String key) {
    GetRequest request =
        GetRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setTimeoutMillis(TIMEOUT_MILLIS))
            .setKey(ByteString.copyFromUtf8(key))
            .build();
    return untilDone(kv -> kv.get(request), GetResponse::getHeader);
  }

  /** Calls one node after the other, and where hints lead, until there is no error to bear. */
  <T> T untilDone(Function<KvGrpcClient, Future<T>> call, Function<T, ResponseHeader> headerOf) {
    return Awaits.await(
        attempt(call, headerOf, 0, addresses.get(0), System.nanoTime() / 1_000_000));
  }

  private <T> Future<T> attempt(
      Function<KvGrpcClient, Future<T>> call,
      Function<T, ResponseHeader> headerOf,
      int count,
      String address,
      long startedMillis) {
    return call.apply(KvGrpcClient.create(client, socket(address)))
        .map(response -> new Attempt<>(response, headerOf.apply(response)))
        .otherwise(cause -> new Attempt<>(null, null))
        .compose(
            attempt -> {
              if (attempt.isFinal()) {
                return Future.succeededFuture(attempt.response());
              }
              if (System.nanoTime() / 1_000_000 - startedMillis > PATIENCE_MILLIS) {
                return Future.failedFuture("gave up: " + attempt);
              }
              String next = attempt.hint(addresses.get((count + 1) % addresses.size()));
              return vertx
                  .timer(20)
                  .compose(later -> attempt(call, headerOf, count + 1, next, startedMillis));
            });
  }

  private record Attempt<T>(@Nullable T response, @Nullable ResponseHeader header) {
    boolean isFinal() {
      return header != null && !(header.hasError() && isPassing(header.getError().getCode()));
    }

    private static boolean isPassing(ErrorCode code) {
      return switch (code) {
        case ERROR_CODE_NOT_LEADER,
            ERROR_CODE_OVERLOADED,
            ERROR_CODE_UNAVAILABLE,
            ERROR_CODE_OUTCOME_UNKNOWN,
            ERROR_CODE_DEADLINE_EXCEEDED ->
            true;
        default -> false;
      };
    }

    String hint(String otherwise) {
      Error error = header == null ? Error.getDefaultInstance() : header.getError();
      return error.hasLeader() ? error.getLeader().getAddress() : otherwise;
    }
  }

  /** A key of the given group among those with this prefix, by the slots of a cluster. */
  static String keyOf(Function<Key, Long> groupOf, String prefix, long group) {
    for (int i = 0; ; i++) {
      String key = prefix + i;
      if (groupOf.apply(Key.utf8(key)) == group) {
        return key;
      }
    }
  }

  @Override
  public void close() {
    Awaits.await(client.close());
  }
}
