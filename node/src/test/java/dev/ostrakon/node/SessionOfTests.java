package dev.ostrakon.node;

import com.google.protobuf.ByteString;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.OperationKind;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionHello;
import dev.ostrakon.protocol.v1.SessionRequest;
import dev.ostrakon.protocol.v1.SessionWelcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.streams.WriteStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A client's session on generated stubs, with frames as the test wants them. Any thread. */
final class SessionOfTests {
  private static final AtomicLong CLIENTS = new AtomicLong();

  private final Context context;
  private final Promise<SessionWelcome> welcome = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Map<Long, Promise<SessionAnswer>> answers = new ConcurrentHashMap<>();
  private final Promise<WriteStream<ClientFrame>> out = Promise.promise();
  private volatile long timestamp;

  private SessionOfTests(Context context) {
    this.context = context;
  }

  /** Opens a session and sends a hello. */
  static SessionOfTests open(Vertx vertx, KvGrpcClient kv, SessionHello.Builder hello) {
    SessionOfTests session = new SessionOfTests(vertx.getOrCreateContext());
    session.context.runOnContext(
        ignored ->
            kv.session(
                    (stream, cause) -> {
                      session.out.complete(stream);
                      session.write(ClientFrame.newBuilder().setHello(hello));
                    })
                .onSuccess(
                    in -> {
                      in.handler(session::onFrame);
                      in.endHandler(end -> session.ended.tryComplete());
                      in.exceptionHandler(session.ended::tryFail);
                    })
                .onFailure(session.ended::tryFail));
    Awaits.await(session.out.future());
    return session;
  }

  static SessionHello.Builder hello() {
    return SessionHello.newBuilder()
        .setWireMajor(1)
        .setClientHigh(CLIENTS.incrementAndGet())
        .setClientLow(System.nanoTime());
  }

  private void onFrame(ServerFrame frame) {
    timestamp = frame.getTimestamp();
    if (frame.hasWelcome()) {
      welcome.tryComplete(frame.getWelcome());
    }
    for (SessionAnswer answer : frame.getAnswersList()) {
      Promise<SessionAnswer> waiting = answers.remove(answer.getCorrelation());
      if (waiting != null) {
        waiting.complete(answer);
      }
    }
  }

  SessionWelcome welcome() {
    return Awaits.await(welcome.future());
  }

  /** Ends when the node has ended the stream. */
  Future<Void> ended() {
    return ended.future();
  }

  /** The node's time as it last told it. */
  long timestamp() {
    return timestamp;
  }

  void write(ClientFrame.Builder frame) {
    ClientFrame built = frame.build();
    context.runOnContext(ignored -> out.future().onSuccess(stream -> stream.write(built)));
  }

  /** Sends requests in one frame; their answers by correlation. */
  List<Future<SessionAnswer>> send(long frameTimestamp, List<SessionRequest> requests) {
    List<Future<SessionAnswer>> expected =
        requests.stream()
            .map(
                request ->
                    answers
                        .computeIfAbsent(request.getCorrelation(), added -> Promise.promise())
                        .future())
            .toList();
    write(ClientFrame.newBuilder().setTimestamp(frameTimestamp).addAllRequests(requests));
    return expected;
  }

  SessionAnswer send(SessionRequest request) {
    return Awaits.await(send(timestamp, List.of(request)).get(0));
  }

  static SessionRequest.Builder put(long sequence, long issuedAt, String key, String value) {
    return SessionRequest.newBuilder()
        .setCorrelation(sequence)
        .setSequence(sequence)
        .setIssuedAt(issuedAt)
        .setTimeoutMillis(5_000)
        .setOperation(
            Operation.newBuilder()
                .setKind(OperationKind.OPERATION_KIND_PUT)
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value)));
  }

  static SessionRequest.Builder get(long correlation, String key) {
    return SessionRequest.newBuilder()
        .setCorrelation(correlation)
        .setTimeoutMillis(5_000)
        .setOperation(
            Operation.newBuilder()
                .setKind(OperationKind.OPERATION_KIND_GET)
                .setKey(ByteString.copyFromUtf8(key)));
  }

  void end() {
    context.runOnContext(ignored -> out.future().onSuccess(WriteStream::end));
  }
}
