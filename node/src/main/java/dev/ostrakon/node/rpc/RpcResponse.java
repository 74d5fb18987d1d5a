package dev.ostrakon.node.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.WireFormat;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertx.grpc.server.StatusException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one call. What is written after the call is over fails its future and does nothing
 * else. Confined to the event loop of the call.
 */
final class RpcResponse<Q, A> implements GrpcServerResponse<Q, A> {
  private static final Logger log = LoggerFactory.getLogger(RpcResponse.class);
  private static final int PREFIX_BYTES = 5;
  private static final int CANCEL = 8;

  /** What connections take at once unless their readers do not read. */
  private static final int SMALL_BYTES = 64 << 10; // 64 KiB

  private final RpcLoop loop;
  private final ServiceMethod<Q, A> method;
  private final HttpServerResponse http;
  private final Runnable ended;

  private GrpcStatus status = GrpcStatus.OK;
  private @Nullable String statusMessage;
  private @Nullable MultiMap trailers;
  private @Nullable Handler<Throwable> exceptionHandler;
  private boolean isOver;
  private boolean isEndDue;
  private long unsentBytes;
  private long progressNanos;

  /**
   * @param ended called once, when the answer has come to its end
   */
  RpcResponse(RpcLoop loop, ServiceMethod<Q, A> method, HttpServerResponse http, Runnable ended) {
    this.loop = loop;
    this.method = method;
    this.http = http;
    this.ended = ended;
  }

  /** Whether nothing more can be written. */
  boolean isOver() {
    return isOver;
  }

  /** The stream is over. */
  void onClosed(Throwable cause) {
    if (!isOver) {
      isOver = true;
      if (exceptionHandler != null) {
        exceptionHandler.handle(cause);
      }
    }
  }

  @Override
  public Future<Void> write(A message) {
    return writeOut(message);
  }

  private Future<Void> writeOut(A message) {
    if (isOver) {
      return Future.failedFuture(new CallClosedException("the call is over"));
    }
    head();
    Buffer encoded = encode(message);
    long bytes = encoded.length();
    if (unsentBytes == 0) {
      progressNanos = System.nanoTime();
    }
    unsentBytes += bytes;
    loop.addUnsent(this, bytes);
    return http.write(encoded).onComplete(done -> onTaken(bytes, done.succeeded()));
  }

  private void onTaken(long bytes, boolean isSent) {
    unsentBytes -= bytes;
    progressNanos = System.nanoTime();
    loop.addUnsent(this, -bytes);
    if (isEndDue && isSent && unsentBytes == 0) {
      isEndDue = false;
      finish();
    }
  }

  /** Bytes that were written and that the connection has not taken. */
  long unsentBytes() {
    return unsentBytes;
  }

  /** When the connection last took something, or was given something after it had taken all. */
  long progressNanos() {
    return progressNanos;
  }

  /** Sends the head with what is written first. */
  private void head() {
    if (!http.headWritten()) {
      http.putHeader("content-type", RpcServer.CONTENT_TYPE);
    }
  }

  private Buffer encode(A message) {
    if (message instanceof MessageLite lite) {
      int size = lite.getSerializedSize();
      byte[] bytes = new byte[PREFIX_BYTES + size];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1, PREFIX_BYTES - 1 + size);
      try {
        out.writeFixed32NoTag(Integer.reverseBytes(size));
        lite.writeTo(out);
      } catch (IOException e) {
        throw new UncheckedIOException("an output in memory failed", e);
      }
      return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }
    Buffer payload = method.encoder().encode(message, WireFormat.PROTOBUF).payload();
    return Buffer.buffer(PREFIX_BYTES + payload.length())
        .appendByte((byte) 0)
        .appendInt(payload.length())
        .appendBuffer(payload);
  }

  @Override
  public Future<Void> end(A message) {
    Future<Void> sent = writeOut(message);
    end();
    return sent;
  }

  @Override
  public Future<Void> end() {
    if (isOver) {
      return Future.failedFuture(new CallClosedException("the call is over"));
    }
    isOver = true;
    Future<Void> done = Future.succeededFuture();
    if (unsentBytes <= SMALL_BYTES) {
      done = finish();
    } else {
      isEndDue = true; // What is written last would be in the way of a stream that is reset.
    }
    ended.run();
    return done;
  }

  private Future<Void> finish() {
    boolean bare = !http.headWritten();
    if (bare) {
      head();
    }
    MultiMap last = bare ? http.headers() : http.trailers();
    if (trailers != null) {
      last.addAll(trailers);
    }
    last.set("grpc-status", Integer.toString(status.code));
    if (status != GrpcStatus.OK && statusMessage != null) {
      last.set("grpc-message", percentEncode(statusMessage));
    }
    return http.end();
  }

  /** Printable ASCII as it is, all else as the bytes of UTF-8 in hexadecimal. */
  static String percentEncode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append(String.format("%%%02X", b & 0xff));
      }
    }
    return encoded.toString();
  }

  @Override
  public void fail(Throwable failure) {
    if (failure instanceof StatusException known) {
      status = known.status();
      statusMessage = known.message();
    } else if (failure instanceof UnsupportedOperationException) {
      status = GrpcStatus.UNIMPLEMENTED;
    } else {
      log.error("a call failed method={}", method.fullMethodName(), failure);
      status = GrpcStatus.INTERNAL;
      statusMessage = "the node failed to answer: " + failure;
    }
    end();
  }

  @Override
  public void cancel() {
    if (!isOver) {
      isOver = true;
      http.reset(CANCEL);
      ended.run();
    }
  }

  @Override
  public GrpcServerResponse<Q, A> status(GrpcStatus newStatus) {
    status = newStatus;
    return this;
  }

  @Override
  public GrpcServerResponse<Q, A> statusMessage(String message) {
    statusMessage = message;
    return this;
  }

  @Override
  public GrpcServerResponse<Q, A> encoding(String encoding) {
    return this;
  }

  @Override
  public GrpcServerResponse<Q, A> format(WireFormat format) {
    return this;
  }

  @Override
  public Set<String> acceptedEncodings() {
    return Set.of();
  }

  @Override
  public MultiMap headers() {
    return http.headers();
  }

  @Override
  public MultiMap trailers() {
    MultiMap present = trailers;
    if (present == null) {
      present = MultiMap.caseInsensitiveMultiMap();
      trailers = present;
    }
    return present;
  }

  @Override
  public Future<Void> writeHead() {
    if (isOver) {
      return Future.failedFuture(new CallClosedException("the call is over"));
    }
    head();
    return http.writeHead();
  }

  @Override
  public GrpcServerResponse<Q, A> exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }

  @Override
  public GrpcServerResponse<Q, A> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return !isOver && http.writeQueueFull();
  }

  @Override
  public GrpcServerResponse<Q, A> drainHandler(@Nullable Handler<Void> handler) {
    if (!isOver) {
      http.drainHandler(handler);
    }
    return this;
  }

  @Override
  public Future<Void> writeMessage(GrpcMessage message) {
    throw new UnsupportedOperationException("answers are written as objects");
  }

  @Override
  public Future<Void> endMessage(GrpcMessage message) {
    throw new UnsupportedOperationException("answers are written as objects");
  }
}
