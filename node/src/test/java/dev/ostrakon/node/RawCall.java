package dev.ostrakon.node;

import com.google.protobuf.MessageLite;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A gRPC call as the bytes of HTTP/2, to say what no correct client says. Any thread. */
final class RawCall {
  private static final int PREFIX_BYTES = 5;

  private final Context context;
  private final HttpClientRequest request;
  private final Promise<Outcome> outcome = Promise.promise();
  private final List<Buffer> received = new CopyOnWriteArrayList<>();
  private final AtomicLong receivedBytes = new AtomicLong();

  /**
   * How a call ended.
   *
   * @param http the status of HTTP
   * @param grpc the status of gRPC; -1 if there was none
   */
  record Outcome(int http, int grpc, String message) {}

  private RawCall(Context context, HttpClientRequest request) {
    this.context = context;
    this.request = request;
  }

  /** A client whose calls share one connection. */
  static HttpClient client(Vertx vertx) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2ConnectionWindowSize(64 << 20));
  }

  /** Begins a call: its head is sent, and nothing else. */
  static RawCall begin(Vertx vertx, HttpClient http, String address, String path) {
    return begin(vertx, http, address, path, MultiMap.caseInsensitiveMultiMap());
  }

  static RawCall begin(
      Vertx vertx, HttpClient http, String address, String path, MultiMap headers) {
    RequestOptions options =
        new RequestOptions()
            .setServer(KvClientOfTests.socket(address))
            .setMethod(HttpMethod.POST)
            .setURI(path)
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers");
    headers.forEach(header -> options.putHeader(header.getKey(), header.getValue()));
    Context context = vertx.getOrCreateContext();
    Promise<RawCall> begun = Promise.promise();
    context.runOnContext(
        turn ->
            http.request(options)
                .map(
                    request -> {
                      RawCall call = new RawCall(context, request);
                      request.response().onComplete(call::listen, call::fail);
                      request.setChunked(true).sendHead();
                      return call;
                    })
                .onComplete(begun));
    return Awaits.await(begun.future());
  }

  private void listen(HttpClientResponse response) {
    response.handler(
        chunk -> {
          received.add(chunk);
          receivedBytes.addAndGet(chunk.length());
        });
    response.exceptionHandler(this::fail);
    response.endHandler(
        ended -> {
          String status = response.getHeader("grpc-status");
          String message = response.getHeader("grpc-message");
          if (status == null) {
            status = response.getTrailer("grpc-status");
            message = response.getTrailer("grpc-message");
          }
          outcome.tryComplete(
              new Outcome(
                  response.statusCode(),
                  status == null ? -1 : Integer.parseInt(status),
                  message == null ? "" : message));
        });
  }

  private void fail(Throwable cause) {
    outcome.tryFail(cause);
  }

  /** The bytes of a message as a call carries it. */
  static Buffer framed(MessageLite message) {
    byte[] bytes = message.toByteArray();
    return prefix(0, bytes.length).appendBytes(bytes);
  }

  /** What stands before a message. */
  static Buffer prefix(int flags, int length) {
    return Buffer.buffer(PREFIX_BYTES + length).appendByte((byte) flags).appendInt(length);
  }

  RawCall write(Buffer bytes) {
    context.runOnContext(turn -> request.write(bytes));
    return this;
  }

  RawCall end() {
    context.runOnContext(turn -> request.end());
    return this;
  }

  RawCall reset(long code) {
    context.runOnContext(turn -> request.reset(code));
    return this;
  }

  /** Takes nothing of the response from now on. */
  RawCall stopReading() {
    context.runOnContext(turn -> request.response().onSuccess(response -> response.pause()));
    return this;
  }

  /** Ends when the node has ended the call; fails if it has reset it, or the connection. */
  Future<Outcome> outcome() {
    return outcome.future();
  }

  /** All that has been received, in one piece. */
  Buffer received() {
    Buffer all = Buffer.buffer();
    received.forEach(all::appendBuffer);
    return all;
  }

  long receivedBytes() {
    return receivedBytes.get();
  }
}
