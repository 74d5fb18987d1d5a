package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.node.metrics.RequestMetrics.Kind;
import dev.ostrakon.protocol.CallCodec;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.SessionCodec;
import dev.ostrakon.protocol.SessionHello;
import dev.ostrakon.protocol.SessionWelcome;
import dev.ostrakon.protocol.WireFormat;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.SessionRequest;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream: takes frames of calls in and lets frames of answers out, one a turn.
 *
 * <p>Threading: confined to the event loop of its stream.
 */
final class KvSession {

  /* Bounds. At most `window` calls are unanswered; what exceeds that is refused with an answer, so a
   * client that ignores the window could still make answers pile up: once the connection takes
   * nothing more the stream is not read until it does, so answers in memory stay within the window
   * and one frame's refusals.
   */

  private enum State {
    GREETING,
    OPEN,
    ENDED
  }

  private final KvEnvironment environment;
  private final KvCalls calls;
  private final Scheduler loop;
  private final ReadStream<ClientFrame> in;
  private final WriteStream<ServerFrame> out;

  private State state = State.GREETING;
  private boolean isAdmitted;
  private long helloTimer;
  private @Nullable ClientId client;
  private long watermark;
  private int unanswered;

  /** Answers of this turn; null while there are none. */
  private ServerFrame.@Nullable Builder answers;

  KvSession(
      KvEnvironment environment,
      KvCalls calls,
      Scheduler loop,
      ReadStream<ClientFrame> in,
      WriteStream<ServerFrame> out) {
    this.environment = environment;
    this.calls = calls;
    this.loop = loop;
    this.in = in;
    this.out = out;
  }

  void start() {
    environment.metrics().sessionOpened();
    in.exceptionHandler(cause -> end());
    in.endHandler(
        ended -> {
          if (state != State.ENDED) {
            end();
            out.end();
          }
        });
    out.exceptionHandler(cause -> end());
    out.drainHandler(drained -> in.resume());
    Optional<ServiceError> full = environment.admission().enterSession();
    isAdmitted = full.isEmpty();
    if (full.isPresent()) {
      refuse(full.get());
      return;
    }
    helloTimer = environment.vertx().setTimer(environment.helloMillis(), timer -> onSilence());
    in.handler(this::onFrame);
  }

  private void onSilence() {
    if (state == State.GREETING) {
      refuse(
          new ServiceError(
              ErrorCode.DEADLINE_EXCEEDED,
              "no hello came within " + environment.helloMillis() + " ms (hello-millis)"));
    }
  }

  private void end() {
    if (state != State.ENDED) {
      state = State.ENDED;
      answers = null;
      environment.vertx().cancelTimer(helloTimer);
      if (isAdmitted) {
        environment.admission().leaveSession();
      }
      environment.metrics().sessionEnded();
    }
  }

  private void onFrame(ClientFrame frame) {
    if (state == State.OPEN) {
      onCalls(frame);
    } else if (state == State.GREETING) {
      onGreeting(frame);
    }
  }

  private void onGreeting(ClientFrame frame) {
    try {
      if (!frame.hasHello() || frame.getRequestsCount() > 0) {
        throw new MalformedMessageException("the first frame is a hello and nothing else");
      }
      SessionHello hello = SessionCodec.decode(frame.getHello());
      Optional<ServiceError> refusal = check(hello);
      if (refusal.isPresent()) {
        refuse(refusal.get());
        return;
      }
      client = hello.client();
      state = State.OPEN;
      environment.vertx().cancelTimer(helloTimer);
      send(
          new SessionWelcome.Accepted(
              WireFormat.MAJOR,
              WireFormat.MINOR,
              environment.cluster().id(),
              environment.node(),
              environment.sessionWindow(),
              environment.frameBytesMax()));
    } catch (MalformedMessageException e) {
      refuse(new ServiceError(ErrorCode.INVALID, message(e)));
    }
  }

  private Optional<ServiceError> check(SessionHello hello) {
    if (hello.wireMajor() != WireFormat.MAJOR) {
      return Optional.of(
          new ServiceError(
              ErrorCode.WIRE_FORMAT,
              "wire format expected " + WireFormat.MAJOR + ".x, was " + hello.wireMajor()));
    }
    return environment.cluster().refusalOf(hello.clusterId()).or(this::checkTime);
  }

  private Optional<ServiceError> checkTime() {
    return environment.clock().knowsTime()
        ? Optional.empty()
        : Optional.of(
            new ServiceError(
                ErrorCode.UNAVAILABLE,
                "the node has not heard enough other nodes to know what time it is"));
  }

  private void send(SessionWelcome welcome) {
    out.write(greeting(welcome));
  }

  private void refuse(ServiceError error) {
    end();
    out.end(greeting(new SessionWelcome.Rejected(error)));
  }

  private ServerFrame greeting(SessionWelcome welcome) {
    return ServerFrame.newBuilder()
        .setTimestamp(environment.clock().now().packed())
        .setWelcome(SessionCodec.encode(welcome))
        .build();
  }

  private void onCalls(ClientFrame frame) {
    Optional<ServiceError> refusal = checkFrame(frame);
    watermark = Math.max(watermark, frame.getWatermark());
    long nowNanos = loop.nowNanos();
    for (SessionRequest request : frame.getRequestsList()) {
      Pending pending = new Pending(request.getCorrelation(), nowNanos);
      unanswered++;
      Optional<ServiceError> reason = refusal.or(this::checkWindow);
      if (reason.isPresent()) {
        pending.refuse(reason.get());
      } else {
        call(request, pending);
      }
    }
  }

  private Optional<ServiceError> checkFrame(ClientFrame frame) {
    int size = frame.getSerializedSize();
    if (size > environment.frameBytesMax()) {
      return Optional.of(
          ServiceError.limitExceeded(
              new ServiceError.Limit("frameBytesMax", environment.frameBytesMax(), size)));
    }
    Observation observation =
        environment.clock().observe(HybridTimestamp.fromPacked(frame.getTimestamp()));
    return observation instanceof Observation.Refused skewed
        ? Optional.of(ServiceError.clockSkew(skewed))
        : Optional.empty();
  }

  private Optional<ServiceError> checkWindow() {
    return unanswered > environment.sessionWindow()
        ? Optional.of(Admission.overloaded("requests of a session", environment.sessionWindow()))
        : Optional.empty();
  }

  private void call(SessionRequest request, Pending pending) {
    ClientId caller = client;
    if (caller == null) {
      return;
    }
    try {
      KvCalls.Routed call = calls.route(CallCodec.decode(request, caller, watermark));
      pending.kind = call.kind();
      Optional<ServiceError> full = environment.admission().enter();
      if (full.isPresent()) {
        pending.refuse(full.get());
        return;
      }
      pending.admitted = true;
      calls.call(
          call,
          environment.deadlineNanos(pending.arrivedNanos, request.getTimeoutMillis()),
          pending);
    } catch (MalformedMessageException e) {
      pending.refuse(new ServiceError(ErrorCode.INVALID, message(e)));
    }
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private void answer(long correlation, KvAnswer answer) {
    if (state != State.OPEN) {
      return;
    }
    ServerFrame.Builder frame = answers;
    if (frame == null) {
      frame = ServerFrame.newBuilder();
      answers = frame;
      loop.execute(this::flush);
    }
    frame.addAnswers(CallCodec.encode(answer, correlation));
  }

  private void flush() {
    ServerFrame.Builder frame = answers;
    answers = null;
    if (frame == null || state != State.OPEN) {
      return;
    }
    out.write(frame.setTimestamp(environment.clock().now().packed()).build());
    if (out.writeQueueFull()) {
      in.pause();
    }
  }

  /** A call that is not answered yet. */
  private final class Pending implements Consumer<KvAnswer> {
    private final long correlation;
    private final long arrivedNanos;
    private Kind kind = Kind.MALFORMED;
    private boolean admitted;

    Pending(long correlation, long arrivedNanos) {
      this.correlation = correlation;
      this.arrivedNanos = arrivedNanos;
    }

    void refuse(ServiceError error) {
      accept(new KvAnswer.Failed(error));
    }

    @Override
    public void accept(KvAnswer answer) {
      unanswered--;
      if (admitted) {
        environment.admission().leave();
      }
      environment.count(kind, answer, loop.nowNanos() - arrivedNanos);
      KvSession.this.answer(correlation, answer);
    }
  }
}
