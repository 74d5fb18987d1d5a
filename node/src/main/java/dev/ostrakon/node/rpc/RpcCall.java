package dev.ostrakon.node.rpc;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Timer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.grpc.common.CodecException;
import io.vertx.grpc.common.GrpcError;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.InvalidMessageException;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.common.WireFormat;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One call: cuts what comes into messages, as far as their service wants them.
 *
 * <p>Of a call that streams requests, exactly one of the end handler and the exception handler is
 * called, once, however the stream ends, unless the service has ended it itself; so a service
 * releases what it holds in these two. Of other calls the exception handler is called when the
 * stream is lost before it is answered.
 *
 * <p>Threading: confined to the event loop of its connection.
 */
final class RpcCall<Q, A> implements GrpcServerRequest<Q, A> {

  private static final int NO_ERROR = 0;

  private final RpcLoop loop;
  private final RpcMethod<Q, A> method;
  private final HttpServerRequest http;
  private final RpcResponse<Q, A> response;
  private final MessageReader reader;

  /** Messages that the service does not want yet: the rest of one chunk. */
  private final ArrayDeque<Arrived> ready = new ArrayDeque<>();

  private final Promise<Void> end = Promise.promise();

  private @Nullable Handler<Q> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Handler<GrpcError> errorHandler;

  private long demand = Long.MAX_VALUE;
  private long messages;
  private long deliveredBytes;
  private long sinceNanos;

  /** The stream brings nothing more: it was ended, or is over. */
  private boolean isEnded;

  /** The service was told of the end. */
  private boolean isEndTold;

  /** What comes is not looked at any more. */
  private boolean isIgnored;

  private boolean isHttpPaused;
  private boolean isDelivering;

  /**
   * A message that has arrived.
   *
   * @param room what it takes, if it was gathered
   */
  private record Arrived(ByteBuf payload, ByteBudget.@Nullable Claim room) {}

  RpcCall(RpcLoop loop, RpcMethod<Q, A> method, HttpServerRequest http) {
    this.loop = loop;
    this.method = method;
    this.http = http;
    this.response = new RpcResponse<>(loop, method.method(), http.response(), this::onAnswered);
    this.reader = new MessageReader(loop, method.limits(), method.requestType(), this);
  }

  void start() {
    http.response().exceptionHandler(this::onLost);
    http.response().closeHandler(closed -> onClosed());
    http.exceptionHandler(this::onLost);
    http.endHandler(ended -> onHttpEnd());
    http.handler(this::onChunk);
    if (!method.streaming()) {
      awaitMessage();
    }
    try {
      method.handler().handle(this);
    } catch (RuntimeException e) {
      response.fail(e);
    }
  }

  /** From now on the message has its time to arrive. */
  void awaitMessage() {
    sinceNanos = System.nanoTime();
    loop.removeUnfinished(this);
    loop.addUnfinished(this);
  }

  private void onChunk(Buffer chunk) {
    deliveredBytes += chunk.length();
    if (!isIgnored) {
      read(((BufferInternal) chunk).getByteBuf());
    }
  }

  private void read(ByteBuf in) {
    try {
      reader.read(in);
    } catch (CallRefusedException e) {
      refuse(e.status(), String.valueOf(e.getMessage()));
    }
  }

  /** Until there is room for the message that has begun, the stream is not read. */
  void onWaitingForRoom() {
    pauseHttp();
  }

  void onRoom() {
    if (!isIgnored) {
      try {
        reader.readHeld();
      } catch (CallRefusedException e) {
        refuse(e.status(), String.valueOf(e.getMessage()));
      }
      resumeHttp();
    }
  }

  /**
   * A message has arrived.
   *
   * @param room what it takes, if it was gathered
   */
  void onMessage(ByteBuf payload, ByteBudget.@Nullable Claim room) throws CallRefusedException {
    loop.removeUnfinished(this);
    messages++;
    if (messages > 1 && !method.streaming()) {
      releaseRoom(room);
      throw new CallRefusedException(
          GrpcStatus.INVALID_ARGUMENT, "the call takes one message, had more");
    }
    Arrived arrived = new Arrived(payload, room);
    if (demand > 0 && ready.isEmpty() && !isDelivering) {
      deliver(arrived);
    } else {
      ready.add(arrived);
    }
  }

  private void releaseRoom(ByteBudget.@Nullable Claim room) {
    if (room != null) {
      loop.release(room);
    }
  }

  private void deliver(Arrived arrived) throws CallRefusedException {
    try {
      deliver(arrived.payload());
    } finally {
      releaseRoom(arrived.room());
    }
  }

  private void deliver(ByteBuf payload) throws CallRefusedException {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    int length = payload.readableBytes();
    Handler<Q> present = handler;
    if (present == null) {
      return;
    }
    if (length > MessageScan.HARMLESS_BYTES) {
      scan(payload, length);
    }
    Q message = decode(payload);
    isDelivering = true;
    try {
      present.handle(message);
    } catch (RuntimeException e) {
      response.fail(e);
    } finally {
      isDelivering = false;
    }
  }

  private void scan(ByteBuf payload, int length) throws CallRefusedException {
    byte[] bytes;
    int offset;
    if (payload.hasArray()) {
      bytes = payload.array();
      offset = payload.arrayOffset() + payload.readerIndex();
    } else {
      bytes = new byte[length];
      payload.getBytes(payload.readerIndex(), bytes);
      offset = 0;
    }
    MessageScan.check(
        bytes, offset, length, method.shape(), method.limits().elementsMax(), method.requestType());
  }

  private Q decode(ByteBuf payload) throws CallRefusedException {
    try {
      return method
          .method()
          .decoder()
          .decode(GrpcMessage.message("identity", BufferInternal.buffer(payload)));
    } catch (CodecException | IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CallRefusedException(
          GrpcStatus.INVALID_ARGUMENT,
          "no valid " + method.requestType() + ": " + cause.getMessage());
    }
  }

  private void onHttpEnd() {
    isEnded = true;
    loop.removePaused(this);
    if (isIgnored) {
      loop.remove(this);
      return;
    }
    if (reader.isWithinMessage()) {
      refuse(GrpcStatus.INVALID_ARGUMENT, "the stream ended within a message");
    } else if (messages == 0 && !method.streaming()) {
      refuse(GrpcStatus.INVALID_ARGUMENT, "the call takes one message, had none");
    } else if (ready.isEmpty()) {
      tellEnd();
    }
  }

  private void tellEnd() {
    if (!isEndTold) {
      isEndTold = method.streaming();
      end.tryComplete();
      if (endHandler != null) {
        endHandler.handle(null);
      } else if (method.streaming()) {
        response.end(); // The service does not care, and has answered what there was.
      }
    }
  }

  /** Ends the call for what it sent or did not send. */
  void refuse(GrpcStatus status, String message) {
    loop.counters().refused.increment();
    CallRefusedException cause = new CallRefusedException(status, message);
    if (!response.isOver()) {
      response.status(status).statusMessage(message).end();
    }
    tellFailure(cause, GrpcError.CANCELLED);
  }

  void onLate(int millis) {
    refuse(
        GrpcStatus.DEADLINE_EXCEEDED,
        "a " + method.requestType() + " was not complete after " + millis + " ms");
  }

  /** Ends the stream without a further word. */
  void reset() {
    loop.remove(this);
    http.response().reset(NO_ERROR);
  }

  /** The service has answered to the end: what else comes is of no interest. */
  private void onAnswered() {
    ignore();
    if (!isEnded) {
      sinceNanos = System.nanoTime();
      loop.addIgnored(this);
      resumeHttp();
    }
  }

  private void ignore() {
    isIgnored = true;
    loop.remove(this);
    ready.forEach(arrived -> releaseRoom(arrived.room()));
    ready.clear();
    reader.drop();
  }

  private void onLost(Throwable cause) {
    isEnded = true;
    ignore();
    response.onClosed(cause);
    tellFailure(cause, GrpcError.CANCELLED);
  }

  private void onClosed() {
    loop.closed();
    if (!isEnded || !response.isOver()) {
      onLost(new CallClosedException("the stream was closed"));
    }
    loop.remove(this);
  }

  private void tellFailure(Throwable cause, GrpcError error) {
    if (isEndTold) {
      return;
    }
    isEndTold = true;
    end.tryFail(cause);
    if (exceptionHandler != null) {
      exceptionHandler.handle(cause);
    }
    if (errorHandler != null) {
      errorHandler.handle(error);
    }
  }

  /** When the message that is not complete began. */
  long sinceNanos() {
    return sinceNanos;
  }

  boolean holds(ByteBudget room) {
    return reader.holds(room);
  }

  /** Bytes that have arrived and were not read. */
  long unreadBytes() {
    return http.bytesRead() - deliveredBytes;
  }

  private void pauseHttp() {
    if (!isHttpPaused && !isEnded) {
      isHttpPaused = true;
      loop.addPaused(this);
      http.pause();
    }
  }

  private void resumeHttp() {
    if (isHttpPaused && !isEnded && !reader.isWaiting() && (demand > 0 || isIgnored)) {
      isHttpPaused = false;
      loop.removePaused(this);
      http.resume();
    }
  }

  /** While the service does not want more, what is missing of a message is not late. */
  @Override
  public GrpcServerRequest<Q, A> pause() {
    demand = 0;
    loop.removeUnfinished(this);
    pauseHttp();
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public GrpcServerRequest<Q, A> fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    try {
      while (!ready.isEmpty() && demand > 0 && !isIgnored && !isDelivering) {
        deliver(ready.remove());
      }
    } catch (CallRefusedException e) {
      refuse(e.status(), String.valueOf(e.getMessage()));
    }
    if (isEnded && ready.isEmpty() && !isIgnored) {
      tellEnd();
    }
    if (demand > 0 && reader.isWithinMessage() && !isIgnored) {
      awaitMessage();
    }
    resumeHttp();
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> handler(@Nullable Handler<Q> newHandler) {
    handler = newHandler;
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> endHandler(@Nullable Handler<Void> newHandler) {
    endHandler = newHandler;
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
    exceptionHandler = newHandler;
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> errorHandler(@Nullable Handler<GrpcError> newHandler) {
    errorHandler = newHandler;
    return this;
  }

  @Override
  public GrpcServerRequest<Q, A> messageHandler(@Nullable Handler<GrpcMessage> newHandler) {
    throw new UnsupportedOperationException("messages are taken as objects");
  }

  @Override
  public GrpcServerRequest<Q, A> invalidMessageHandler(
      @Nullable Handler<InvalidMessageException> newHandler) {
    return this;
  }

  @Override
  public GrpcServerResponse<Q, A> response() {
    return response;
  }

  @Override
  public ServiceName serviceName() {
    return method.method().serviceName();
  }

  @Override
  public String methodName() {
    return method.method().methodName();
  }

  @Override
  public String fullMethodName() {
    return method.method().fullMethodName();
  }

  @Override
  public MultiMap headers() {
    return http.headers();
  }

  @Override
  public String encoding() {
    return "identity";
  }

  @Override
  public WireFormat format() {
    return WireFormat.PROTOBUF;
  }

  @Override
  public HttpConnection connection() {
    return http.connection();
  }

  @Override
  public long timeout() {
    return 0;
  }

  @Override
  public @Nullable Timer deadline() {
    return null;
  }

  @Override
  public Future<Q> last() {
    throw new UnsupportedOperationException("messages are taken one by one");
  }

  @Override
  public Future<Void> end() {
    return end.future();
  }
}
