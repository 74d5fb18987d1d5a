package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.node.metrics.RequestMetrics.Kind;
import dev.ostrakon.node.rpc.FrameQueue;
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
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream: takes frames of calls in and lets frames of answers out.
 *
 * <p>Threading: confined to the event loop of its stream.
 */
final class KvSession {

  /* Bounds. At most `window` calls are unanswered; what exceeds that is refused with an answer. Reads are begun
   * as long as there is room for their answers, in the session and on its loop; the others wait, and
   * while any wait, or the connection does not take answers, the stream is not read. So a client that does
   * not read its answers stops its own calls, and a node holds the room, one frame of calls, and what
   * refuses them.
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

  private final AnswerRoom room;
  private final AnswerSize sizes = new AnswerSize();
  private final FrameQueue<Outgoing> answers = new FrameQueue<>(this::write, this::onAnswersTaken);
  private boolean isFlushDue;

  /** Reads that wait for room, and the bytes of their requests. */
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  private long waitingBytes;
  private boolean isAwaitingRoom;
  private boolean isPaused;

  /** What the reads that have begun are expected to bring. */
  private long expectedBytes;

  /** What this session takes of the loop's room. */
  private long roomBytes;

  private record Outgoing(long correlation, KvAnswer answer) {}

  private record Waiting(KvCalls.Routed call, SessionRequest request, Pending pending) {}

  KvSession(
      KvEnvironment environment,
      KvCalls calls,
      Scheduler loop,
      AnswerRoom room,
      ReadStream<ClientFrame> in,
      WriteStream<ServerFrame> out) {
    this.environment = environment;
    this.calls = calls;
    this.loop = loop;
    this.room = room;
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
    out.drainHandler(drained -> resumeReading());
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
      answers.close();
      waiting.forEach(read -> read.pending().leave());
      waiting.clear();
      waitingBytes = 0;
      expectedBytes = 0;
      useRoom();
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
    Observation observation =
        environment.clock().observe(HybridTimestamp.fromPacked(frame.getTimestamp()));
    return observation instanceof Observation.Refused skewed
        ? Optional.of(ServiceError.clockSkew(environment.node(), skewed))
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
      pending.expectedBytes = room.share(sizes.expected(call.call()));
      if (pending.expectedBytes == 0 || mayBegin(pending.expectedBytes)) {
        begin(call, request, pending);
      } else {
        await(new Waiting(call, request, pending));
      }
    } catch (MalformedMessageException e) {
      pending.refuse(new ServiceError(ErrorCode.INVALID, message(e)));
    }
  }

  private boolean mayBegin(long bytes) {
    return waiting.isEmpty() && fits(bytes) && room.has(bytes);
  }

  private void begin(KvCalls.Routed call, SessionRequest request, Pending pending) {
    if (pending.expectedBytes > 0) {
      expectedBytes += pending.expectedBytes;
      useRoom();
    }
    calls.call(
        call, environment.deadlineNanos(pending.arrivedNanos, request.getTimeoutMillis()), pending);
  }

  /** Whether the session may take so much more; one read alone always may. */
  private boolean fits(long bytes) {
    long present = expectedBytes + answers.bytes();
    return present == 0 || present + bytes <= room.sessionMax();
  }

  private void await(Waiting read) {
    int bytes = read.request().getSerializedSize();
    if (waitingBytes + bytes > room.sessionMax()) {
      read.pending().expectedBytes = 0;
      read.pending()
          .refuse(
              ServiceError.overloaded(
                  "answers of the session are not read, and further reads wait for that", 100));
      return;
    }
    waiting.add(read);
    waitingBytes += bytes;
    useRoom();
    pauseReading();
    beginWaiting();
  }

  private void awaitRoom() {
    if (!isAwaitingRoom && !waiting.isEmpty()) {
      isAwaitingRoom = true;
      room.await(
          () -> {
            isAwaitingRoom = false;
            beginWaiting();
          });
    }
  }

  /** What the session's own answers keep waiting is tried again when they are taken. */
  private void beginWaiting() {
    while (state == State.OPEN && !waiting.isEmpty()) {
      Waiting next = waiting.element();
      if (!fits(next.pending().expectedBytes)) {
        return;
      }
      if (!room.has(next.pending().expectedBytes)) {
        awaitRoom();
        return;
      }
      waiting.remove();
      waitingBytes -= next.request().getSerializedSize();
      begin(next.call(), next.request(), next.pending());
    }
    resumeReading();
  }

  private void pauseReading() {
    if (!isPaused) {
      isPaused = true;
      in.pause();
    }
  }

  private void resumeReading() {
    if (isPaused && state != State.ENDED && waiting.isEmpty() && !out.writeQueueFull()) {
      isPaused = false;
      in.resume();
    }
  }

  private void onAnswersTaken() {
    useRoom();
    beginWaiting();
  }

  /** Tells the loop what this session takes: written answers are counted where they are written. */
  private void useRoom() {
    long present = waitingBytes + expectedBytes + answers.heldBytes();
    room.add(present - roomBytes);
    roomBytes = present;
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private void answer(long correlation, KvAnswer answer) {
    if (state != State.OPEN) {
      return;
    }
    answers.add(new Outgoing(correlation, answer), AnswerSize.of(answer));
    if (!isFlushDue) {
      isFlushDue = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    if (state != State.OPEN) {
      return;
    }
    answers.flush();
    useRoom();
    if (out.writeQueueFull()) {
      pauseReading();
    }
  }

  private Future<Void> write(List<Outgoing> batch) {
    ServerFrame.Builder frame = ServerFrame.newBuilder();
    for (Outgoing next : batch) {
      frame.addAnswers(CallCodec.encode(next.answer(), next.correlation()));
    }
    return out.write(frame.setTimestamp(environment.clock().now().packed()).build());
  }

  /** A call that is not answered yet. */
  private final class Pending implements Consumer<KvAnswer> {
    private final long correlation;
    private final long arrivedNanos;
    private Kind kind = Kind.MALFORMED;
    private boolean admitted;

    /** What the answer may take; 0 for calls that do not read. */
    private long expectedBytes;

    Pending(long correlation, long arrivedNanos) {
      this.correlation = correlation;
      this.arrivedNanos = arrivedNanos;
    }

    void refuse(ServiceError error) {
      accept(new KvAnswer.Failed(error));
    }

    /** The call will not be answered. */
    void leave() {
      unanswered--;
      if (admitted) {
        environment.admission().leave();
      }
    }

    @Override
    public void accept(KvAnswer answer) {
      leave();
      if (expectedBytes > 0 && state != State.ENDED) {
        sizes.learn(answer);
        KvSession.this.expectedBytes -= expectedBytes;
      }
      environment.count(kind, answer, loop.nowNanos() - arrivedNanos);
      KvSession.this.answer(correlation, answer);
    }
  }
}
