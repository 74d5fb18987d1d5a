package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.node.metrics.RequestMetrics.Kind;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.UnaryCodec;
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.CompareAndSetRequest;
import dev.ostrakon.protocol.v1.CompareAndSetResponse;
import dev.ostrakon.protocol.v1.DeleteRequest;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.IncrementRequest;
import dev.ostrakon.protocol.v1.IncrementResponse;
import dev.ostrakon.protocol.v1.KvService;
import dev.ostrakon.protocol.v1.OutcomeRequest;
import dev.ostrakon.protocol.v1.OutcomeResponse;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ScanRequest;
import dev.ostrakon.protocol.v1.ScanResponse;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.WriteResponse;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code Kv} service, as the server of one event loop offers it. */
public final class KvEndpoint extends KvService {
  private static final Logger log = LoggerFactory.getLogger(KvEndpoint.class);

  /** What a caller is told to wait that met a node full of answers. */
  private static final int ROOM_RETRY_AFTER_MILLIS = 50;

  private final KvEnvironment environment;
  private final KvCalls calls;
  private final CallLedger ids;
  private final KvForwarding forwarding;
  private final Scheduler loop;
  private final AnswerRoom room;
  private final AnswerSize sizes = new AnswerSize();

  /**
   * The service on a loop.
   *
   * @param ids for calls that bring none
   * @param forwarding for calls to groups that are led elsewhere
   * @param room for the answers of all calls and sessions of the loop
   */
  public KvEndpoint(
      KvEnvironment environment,
      KvCalls calls,
      CallLedger ids,
      KvForwarding forwarding,
      Scheduler loop,
      AnswerRoom room) {
    this.environment = environment;
    this.calls = calls;
    this.ids = ids;
    this.forwarding = forwarding;
    this.loop = loop;
    this.room = room;
  }

  @Override
  public Future<GetResponse> get(GetRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request),
        UnaryCodec::encodeGet,
        new KvForwarding.Method<>(
            (client, header) -> client.get(request.toBuilder().setHeader(header).build()),
            GetResponse::getHeader));
  }

  @Override
  public Future<WriteResponse> put(PutRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeWrite,
        new KvForwarding.Method<>(
            (client, header) -> client.put(request.toBuilder().setHeader(header).build()),
            WriteResponse::getHeader));
  }

  @Override
  public Future<WriteResponse> append(AppendRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeWrite,
        new KvForwarding.Method<>(
            (client, header) -> client.append(request.toBuilder().setHeader(header).build()),
            WriteResponse::getHeader));
  }

  @Override
  public Future<WriteResponse> delete(DeleteRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeWrite,
        new KvForwarding.Method<>(
            (client, header) -> client.delete(request.toBuilder().setHeader(header).build()),
            WriteResponse::getHeader));
  }

  @Override
  public Future<CompareAndSetResponse> compareAndSet(CompareAndSetRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeCompareAndSet,
        new KvForwarding.Method<>(
            (client, header) -> client.compareAndSet(request.toBuilder().setHeader(header).build()),
            CompareAndSetResponse::getHeader));
  }

  @Override
  public Future<IncrementResponse> increment(IncrementRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeIncrement,
        new KvForwarding.Method<>(
            (client, header) -> client.increment(request.toBuilder().setHeader(header).build()),
            IncrementResponse::getHeader));
  }

  @Override
  public Future<ScanResponse> scan(ScanRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request),
        UnaryCodec::encodeScan,
        new KvForwarding.Method<>(
            (client, header) -> client.scan(request.toBuilder().setHeader(header).build()),
            ScanResponse::getHeader));
  }

  @Override
  public Future<TransactResponse> transact(TransactRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request, ids),
        UnaryCodec::encodeTransact,
        new KvForwarding.Method<>(
            (client, header) -> client.transact(request.toBuilder().setHeader(header).build()),
            TransactResponse::getHeader));
  }

  @Override
  public Future<OutcomeResponse> outcome(OutcomeRequest request) {
    return call(
        request.getHeader(),
        () -> UnaryCodec.decode(request),
        UnaryCodec::encodeOutcome,
        new KvForwarding.Method<>(
            (client, header) -> client.outcome(request.toBuilder().setHeader(header).build()),
            OutcomeResponse::getHeader));
  }

  @Override
  protected void session(ReadStream<ClientFrame> request, WriteStream<ServerFrame> response) {
    new KvSession(environment, calls, loop, room, request, response).start();
  }

  private interface Decoding {
    KvCall decode() throws MalformedMessageException;
  }

  private <T> Future<T> call(
      RequestHeader header,
      Decoding decoding,
      BiFunction<KvAnswer, HybridTimestamp, T> encoding,
      KvForwarding.Method<T> method) {
    long arrivedNanos = loop.nowNanos();
    try {
      KvCall call = decoding.decode();
      Optional<ServiceError> refusal =
          environment
              .cluster()
              .refusalOf(header)
              .or(() -> checkTime(call))
              .or(() -> checkRoom(call))
              .or(environment.admission()::enter);
      if (refusal.isPresent()) {
        settle(call);
        return refused(calls.route(call).kind(), refusal.get(), encoding);
      }
      return call(
          new Unary<>(call, header, room.share(sizes.expected(call)), encoding, method),
          arrivedNanos);
    } catch (MalformedMessageException e) {
      ServiceError error = new ServiceError(ErrorCode.INVALID, String.valueOf(e.getMessage()));
      return refused(Kind.MALFORMED, error, encoding);
    }
  }

  /**
   * A call that was let in.
   *
   * @param expectedBytes room that is kept for its answer
   */
  private record Unary<T>(
      KvCall call,
      RequestHeader header,
      long expectedBytes,
      BiFunction<KvAnswer, HybridTimestamp, T> encoding,
      KvForwarding.Method<T> method) {}

  private <T> Future<T> call(Unary<T> unary, long arrivedNanos) {
    KvCalls.Routed routed = calls.route(unary.call());
    long deadlineNanos = environment.deadlineNanos(arrivedNanos, unary.header().getTimeoutMillis());
    Promise<T> response = Promise.promise();
    room.add(unary.expectedBytes());
    calls.call(
        routed,
        deadlineNanos,
        answer -> {
          Optional<Future<KvForwarding.Answer<T>>> forwarded =
              answer instanceof KvAnswer.Failed failed
                  ? forwarding.forward(
                      routed, failed.error(), unary.header(), deadlineNanos, unary.method())
                  : Optional.empty();
          if (forwarded.isPresent()) {
            forwarded
                .get()
                .onSuccess(told -> loop.execute(() -> onForwarded(unary, routed, told, response)));
          } else {
            end(unary);
            if (unary.expectedBytes() > 0) {
              sizes.learn(answer);
            }
            environment.count(routed.kind(), answer, loop.nowNanos() - arrivedNanos);
            complete(response, answer, unary.encoding());
          }
        });
    return response.future();
  }

  /** Counted where it was carried out, unless that is not known. */
  private <T> void onForwarded(
      Unary<T> unary, KvCalls.Routed routed, KvForwarding.Answer<T> told, Promise<T> response) {
    end(unary);
    T answer = told.response();
    ServiceError error = told.error();
    if (answer != null) {
      give(response, answer);
    } else if (error != null) {
      KvAnswer failed = new KvAnswer.Failed(error);
      environment.count(routed.kind(), failed, 0);
      complete(response, failed, unary.encoding());
    }
  }

  private void end(Unary<?> unary) {
    environment.admission().leave();
    room.add(-unary.expectedBytes());
    settle(unary.call());
  }

  private void settle(KvCall call) {
    if (call instanceof KvCall.Execute execute) {
      ids.settle(execute.request().id().request());
    }
  }

  /** A client that gives two requests one id may get an answer that does not fit its second. */
  private <T> void complete(
      Promise<T> response, KvAnswer answer, BiFunction<KvAnswer, HybridTimestamp, T> encoding) {
    T encoded;
    try {
      encoded = encoding.apply(answer, environment.clock().now());
    } catch (IllegalArgumentException e) {
      String reason = "the id belongs to another request: " + e.getMessage();
      ServiceError error = new ServiceError(ErrorCode.INVALID, reason);
      encoded = encoding.apply(new KvAnswer.Failed(error), environment.clock().now());
    }
    give(response, encoded);
  }

  private <T> void give(Promise<T> response, T encoded) {
    try {
      response.complete(encoded);
    } catch (RuntimeException e) {
      // The caller's connection is gone. Who answers has others to answer, and must not notice.
      log.debug("an answer that nobody takes node={}", environment.node(), e);
    }
  }

  private <T> Future<T> refused(
      Kind kind, ServiceError error, BiFunction<KvAnswer, HybridTimestamp, T> encoding) {
    KvAnswer answer = new KvAnswer.Failed(error);
    environment.count(kind, answer, 0);
    return Future.succeededFuture(encoding.apply(answer, environment.clock().now()));
  }

  private Optional<ServiceError> checkRoom(KvCall call) {
    long bytes = room.share(sizes.expected(call));
    if (bytes == 0 || room.has(bytes)) {
      return Optional.empty();
    }
    room.onRefused();
    return Optional.of(
        ServiceError.overloaded(
            "answers that wait to be read take all the room that there is for answers",
            ROOM_RETRY_AFTER_MILLIS));
  }

  private Optional<ServiceError> checkTime(KvCall call) {
    return call instanceof KvCall.Execute execute
            && environment.clock().observe(execute.request().issuedAt())
                instanceof Observation.Refused skewed
        ? Optional.of(ServiceError.clockSkew(environment.node(), skewed))
        : Optional.empty();
  }
}
