package dev.ostrakon.benchmarks.clients;

import com.google.protobuf.ByteString;
import dev.ostrakon.protocol.v1.ErrorCode;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Clients that each write once and are not heard of again: what they leave in the nodes is told by
 * the nodes' metrics. Unary calls to one node, each with a client id of its own, and to the leader
 * that it names.
 *
 * <p>Arguments: host and port of a node, number of clients, calls in flight (default 64), number of
 * keys (default 10,000).
 */
public final class ManyClientsLoad {
  private static final int VALUE_BYTES = 100;
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int FAILURES_MAX = 1_000;
  private static final int SHOWN_EVERY = 100_000;
  private static final int HINTS_MAX = 5;

  private final SecureRandom random = new SecureRandom();
  private final ByteString value = ByteString.copyFrom(new byte[VALUE_BYTES]);
  private final Map<ErrorCode, Integer> errors = new EnumMap<>(ErrorCode.class);
  private final CountDownLatch ended;
  private final GrpcClient grpc;
  private final String address;
  private final int clients;
  private final int keys;
  private long timestamp;
  private int begun;
  private int done;
  private int failures;

  private ManyClientsLoad(GrpcClient grpc, String address, int clients, int inflight, int keys) {
    this.grpc = grpc;
    this.address = address;
    this.clients = clients;
    this.keys = keys;
    this.ended = new CountDownLatch(inflight);
  }

  public static void main(String[] arguments) throws InterruptedException {
    String address = arguments[0];
    int clients = Integer.parseInt(arguments[1]);
    int inflight = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 64;
    int keys = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10_000;
    Vertx vertx = Vertx.vertx();
    HttpClientOptions http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false);
    GrpcClient grpc = GrpcClient.client(vertx, new GrpcClientOptions(), http);
    ManyClientsLoad load = new ManyClientsLoad(grpc, address, clients, inflight, keys);
    long start = System.nanoTime();
    vertx.runOnContext(started -> load.begin(inflight));
    load.ended.await();
    System.out.printf(
        "%d clients in %d s, %d refused, failures %d%n",
        load.done, (System.nanoTime() - start) / 1_000_000_000L, load.refused(), load.failures);
    load.errors.forEach((code, count) -> System.out.println(code + " " + count));
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private KvGrpcClient at(String node) {
    int colon = node.lastIndexOf(':');
    return KvGrpcClient.create(
        grpc,
        SocketAddress.inetSocketAddress(
            Integer.parseInt(node.substring(colon + 1)), node.substring(0, colon)));
  }

  /** The first call has no number: its answer tells the time that the others need. */
  private void begin(int inflight) {
    at(address)
        .put(put(RequestHeader.getDefaultInstance()))
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                timestamp = answer.result().getHeader().getTimestamp();
              } else {
                System.err.println("no node at " + address + ": " + answer.cause().getMessage());
                failures = FAILURES_MAX + 1;
              }
              for (int i = 0; i < inflight; i++) {
                next();
              }
            });
  }

  private void next() {
    if (begun == clients || failures > FAILURES_MAX) {
      ended.countDown();
      return;
    }
    begun++;
    RequestHeader header =
        RequestHeader.newBuilder()
            .setClientHigh(random.nextLong())
            .setClientLow(random.nextLong())
            .setSequence(1)
            .setIssuedAt(timestamp)
            .build();
    send(address, put(header), 0);
  }

  private void send(String node, PutRequest request, int hints) {
    at(node)
        .put(request)
        .onComplete(
            answer -> {
              if (answer.failed()) {
                failures++;
                next();
              } else if (hints < HINTS_MAX && answer.result().getHeader().getError().hasLeader()) {
                String leader = answer.result().getHeader().getError().getLeader().getAddress();
                send(leader, request, hints + 1);
              } else {
                onAnswer(answer.result().getHeader());
                next();
              }
            });
  }

  private void onAnswer(ResponseHeader header) {
    if (header.hasError()) {
      errors.merge(header.getError().getCode(), 1, Integer::sum);
      return;
    }
    timestamp = Math.max(timestamp, header.getTimestamp());
    done++;
    if (done % SHOWN_EVERY == 0) {
      System.out.println(done + " clients, refused " + refused());
    }
  }

  private int refused() {
    return errors.values().stream().mapToInt(Integer::intValue).sum();
  }

  private PutRequest put(RequestHeader header) {
    return PutRequest.newBuilder()
        .setHeader(header.toBuilder().setTimeoutMillis(TIMEOUT_MILLIS))
        .setKey(ByteString.copyFromUtf8("%016d".formatted(random.nextInt(keys))))
        .setValue(value)
        .build();
  }
}
