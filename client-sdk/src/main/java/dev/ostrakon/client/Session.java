package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.protocol.CallCodec;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.SessionCodec;
import dev.ostrakon.protocol.SessionHello;
import dev.ostrakon.protocol.SessionWelcome;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one node, opened when somebody needs it and again whenever it breaks, and the calls
 * that wait for it.
 *
 * <p>Threading: confined to its event loop.
 */
final class Session implements SessionWatch.Watched {

  /* One attempt to connect after the other, each with a number; a callback that belongs to an earlier
   * attempt is ignored. An attempt has a gRPC client of its own, which ends with it, so a connection
   * that hangs half-open cannot stand in the way of the next.
   *
   * What waits when an attempt fails goes back to the runner, which knows other nodes; what was sent
   * goes back as perhaps done. While the pause before the next attempt lasts, nothing is taken in.
   *
   * A node that owes answers is watched. One that gives no sign of life is suspected as a whole: all its
   * calls go to other nodes at once, whatever group they are for. The stream stays as it is, for the node
   * may only have paused: its late answers count, and end the suspicion. Silence that lasts ends the
   * stream.
   */

  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What a request's tag and length, and the head of a frame, take at most. */
  private static final int FRAME_OVERHEAD_BYTES = 32;

  private enum State {
    IDLE,
    CONNECTING,
    GREETING,
    OPEN,
    PAUSING,
    ENDED
  }

  private final ClientLoop loop;
  private final ClientConfig config;
  private final String address;
  private final BackOff backOff;
  private final ArrayDeque<Call<?>> queue = new ArrayDeque<>();
  private final InFlight inFlight;
  private final Alarm alarm = new Alarm();
  private final SessionWatch watch;
  private final LatencyEstimate latency = new LatencyEstimate();

  private State state = State.IDLE;
  private long connection;
  private int window = 1;
  private int frameBytesMax = 1;
  private int unsentBytes;
  private long pingSentNanos;
  private boolean isPingUnanswered;
  private boolean isFlushDue;
  private @Nullable GrpcClient client;
  private @Nullable GrpcClientRequest<ClientFrame, ServerFrame> stream;
  private @Nullable Throwable lastCause;

  Session(ClientLoop loop, String address) {
    this.loop = loop;
    this.config = loop.config();
    this.address = address;
    this.inFlight = new InFlight(config.stream().inFlightMax());
    this.backOff =
        new BackOff(
            config.connection().backoffMinMillis(),
            config.connection().backoffMaxMillis(),
            loop.random());
    this.watch = new SessionWatch(loop, this);
  }

  String address() {
    return address;
  }

  /** Whether the last attempt to reach the node failed, and the next one is still to come. */
  boolean isPausing() {
    return state == State.PAUSING;
  }

  /** Whether the node owes something and gives no sign of life. */
  boolean isSuspect() {
    return watch.isSuspect();
  }

  /** Whether the node can be expected to answer. */
  boolean isUsable() {
    return state != State.PAUSING && !watch.isSuspect();
  }

  /** Connects, so that a node that was suspected can show that it is back. */
  void probe() {
    if (state == State.IDLE) {
      connect();
    }
  }

  /** How long a request of so many bytes may go unanswered that is sent now. */
  long attemptMillis(int bytes, int givenUp) {
    return AttemptLimits.millis(
        config.timeouts().attemptMillis(), latency, inFlight.bytes() + bytes, givenUp);
  }

  /** Takes a call, to be sent at the end of this turn or as soon as it can be. */
  void enqueue(Call<?> call) {
    switch (state) {
      case PAUSING, ENDED -> loop.runner().onUnsent(call, cause("cannot be reached"));
      case IDLE -> {
        queue(call);
        connect();
      }
      case CONNECTING, GREETING, OPEN -> {
        queue(call);
        flushLater();
      }
    }
  }

  private void queue(Call<?> call) {
    call.session = this;
    call.isSent = false;
    queue.add(call);
  }

  private void flushLater() {
    if (!isFlushDue) {
      isFlushDue = true;
      loop.flushLater(this);
    }
  }

  private void connect() {
    state = State.CONNECTING;
    connection++;
    long mine = connection;
    ClientConfig.Connection times = config.connection();
    loop.setAlarm(alarm, times.connectTimeoutMillis() + times.helloTimeoutMillis());
    watch.owe(loop.nowNanos());
    SocketAddress socket;
    try {
      socket = Connector.socketAddress(address);
    } catch (IllegalArgumentException e) { // A node told it.
      lost(mine, e);
      return;
    }
    GrpcClient ours = loop.newGrpcClient();
    client = ours;
    ours.request(socket, KvGrpcClient.Session)
        .onComplete(
            request -> loop.turn(() -> greet(mine, request)),
            cause -> loop.turn(() -> lost(mine, cause)));
  }

  private void greet(long mine, GrpcClientRequest<ClientFrame, ServerFrame> request) {
    if (!isCurrent(mine)) {
      return;
    }
    state = State.GREETING;
    stream = request;
    request.exceptionHandler(cause -> loop.turn(() -> lost(mine, cause)));
    request
        .response()
        .onComplete(
            response -> listen(mine, response), cause -> loop.turn(() -> lost(mine, cause)));
    SessionHello hello = SessionHello.of(config.clusterId(), loop.clientId());
    request
        .write(
            ClientFrame.newBuilder()
                .setTimestamp(loop.clock().now(loop.nowNanos()).packed())
                .setHello(SessionCodec.encode(hello))
                .build())
        .onFailure(cause -> loop.turn(() -> lost(mine, cause)));
  }

  private void listen(long mine, GrpcClientResponse<ClientFrame, ServerFrame> response) {
    response.handler(frame -> loop.turn(() -> onFrame(mine, frame)));
    response.exceptionHandler(cause -> loop.turn(() -> lost(mine, cause)));
    response.endHandler(
        end -> loop.turn(() -> lost(mine, cause("ended the stream: " + response.statusMessage()))));
  }

  private void onFrame(long mine, ServerFrame frame) {
    if (!isCurrent(mine)) {
      return;
    }
    long nowNanos = loop.nowNanos();
    hear(nowNanos);
    if (state == State.GREETING) {
      onWelcome(mine, frame);
      return;
    }
    observeTime(frame);
    if (frame.getWindow() > 0) {
      setWindow(frame.getWindow());
    }
    for (SessionAnswer answer : frame.getAnswersList()) {
      onAnswer(answer, nowNanos);
    }
    watch.settle();
    if (!queue.isEmpty()) {
      flushLater();
    }
  }

  private void observeTime(ServerFrame frame) {
    loop.clock()
        .observe(address, HybridTimestamp.fromPacked(frame.getTimestamp()), loop.nowNanos());
  }

  private void onWelcome(long mine, ServerFrame frame) {
    try {
      SessionWelcome welcome = SessionCodec.decode(frame.getWelcome());
      if (welcome instanceof SessionWelcome.Accepted accepted) {
        observeTime(frame);
        open(accepted);
      } else {
        refused(mine, ((SessionWelcome.Rejected) welcome).error());
      }
    } catch (MalformedMessageException e) {
      lost(mine, e);
    }
  }

  private void open(SessionWelcome.Accepted accepted) {
    state = State.OPEN;
    backOff.reset();
    setWindow(accepted.window());
    frameBytesMax = accepted.frameBytesMax();
    unsentBytes = 0;
    isPingUnanswered = false;
    lastCause = null;
    watch.settle();
    loop.setAlarm(alarm, config.connection().pingMillis());
    log.debug("session open address={} node={}", address, accepted.node());
    flushLater();
  }

  private void setWindow(int announced) {
    window = Math.max(1, Math.min(announced, config.stream().inFlightMax()));
  }

  private void refused(long mine, ServiceError error) {
    log.warn("session refused address={} code={} {}", address, error.code(), error.message());
    lost(mine, Failures.of(error));
  }

  private void onAnswer(SessionAnswer answer, long nowNanos) {
    Call<?> call = inFlight.remove(answer.getCorrelation());
    if (call == null) {
      return;
    }
    latency.observe(nowNanos - inFlight.sentNanos(answer.getCorrelation()));
    if (call.isCompleted) {
      return;
    }
    KvAnswer decoded = null;
    try {
      decoded = CallCodec.decode(answer);
    } catch (MalformedMessageException e) {
      log.warn("malformed answer address={} cause={}", address, e.getMessage());
    }
    boolean isPresent =
        call.session == this && call.isSent && call.correlation == answer.getCorrelation();
    loop.runner().onAnswer(call, decoded, isPresent);
  }

  /** Sends what waits, as far as node and connection take it. */
  void flush() {
    isFlushDue = false;
    GrpcClientRequest<ClientFrame, ServerFrame> open = stream;
    if (state != State.OPEN || open == null) {
      return;
    }
    long nowNanos = loop.nowNanos();
    while (!queue.isEmpty()
        && unsentBytes < config.stream().unsentBytesMax()
        && inFlight.size() < window
        && sendFrame(open, nowNanos)) {
      // Each turn of this loop has sent a frame.
    }
  }

  private boolean sendFrame(GrpcClientRequest<ClientFrame, ServerFrame> open, long nowNanos) {
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    int bytesMax = Math.min(config.stream().frameBytesMax(), frameBytesMax);
    int bytes = 0;
    while (inFlight.size() < window && bytes < bytesMax && loop.sequences().hasRoom()) {
      Call<?> call = queue.peek();
      if (call == null) {
        break;
      }
      if (call.isCompleted || call.session != this || call.isSent) {
        queue.remove();
        continue;
      }
      long attemptMillis = attemptMillis(call.bytes, call.givenUp);
      SessionRequest.Builder request = loop.runner().prepare(call, nowNanos, attemptMillis);
      call.correlation = inFlight.next();
      request.setCorrelation(call.correlation);
      SessionRequest built = request.build();
      int size = built.getSerializedSize() + FRAME_OVERHEAD_BYTES;
      if (bytes > 0 && bytes + size > bytesMax) {
        break;
      }
      queue.remove();
      if (size + FRAME_OVERHEAD_BYTES > frameBytesMax) {
        loop.runner().onTooLarge(call, size, frameBytesMax);
        continue;
      }
      bytes += size;
      frame.addRequests(built);
      inFlight.add(call, nowNanos);
      loop.runner().onSent(call, nowNanos, attemptMillis);
    }
    if (bytes == 0) {
      return false;
    }
    watch.owe(nowNanos);
    write(
        open,
        frame
            .setTimestamp(loop.clock().now(nowNanos).packed())
            .setWatermark(loop.sequences().watermark())
            .build(),
        bytes);
    return true;
  }

  private void write(
      GrpcClientRequest<ClientFrame, ServerFrame> open, ClientFrame frame, int bytes) {
    long mine = connection;
    unsentBytes += bytes;
    open.write(frame)
        .onComplete(written -> onWritten(mine, bytes), cause -> loop.turn(() -> lost(mine, cause)));
  }

  private void onWritten(long mine, int bytes) {
    if (isCurrent(mine)) {
      boolean wasFull = unsentBytes >= config.stream().unsentBytesMax();
      unsentBytes -= bytes;
      if (wasFull && !queue.isEmpty()) {
        loop.turn(this::flushLater);
      }
    }
  }

  private void hear(long nowNanos) {
    if (watch.hear(nowNanos)) {
      log.info("node answers again address={}", address);
    }
  }

  @Override
  public boolean isOwed() {
    return state == State.CONNECTING || state == State.GREETING || inFlight.size() > 0;
  }

  /** Every call that another node may be able to answer goes there. */
  @Override
  public void onSuspicion() {
    log.info("node gives no sign of life address={} state={}", address, state);
    UnavailableException cause = cause("gives no sign of life");
    List<Call<?>> sent = inFlight.all();
    List<Call<?>> unsent = List.copyOf(queue);
    for (Call<?> call : sent) {
      if (!call.isCompleted && call.session == this && call.isSent) {
        loop.runner().onSilent(call, cause);
      }
    }
    for (Call<?> call : unsent) {
      if (!call.isCompleted && call.session == this && !call.isSent) {
        loop.runner().onSilent(call, cause);
      }
    }
  }

  private final class Alarm extends TimerWheel.Entry {
    @Override
    void run() {}

    @Override
    void onTime(long nowNanos) {
      switch (state) {
        case CONNECTING, GREETING ->
            lost(connection, new TimeoutException(address + " did not answer the hello"));
        case OPEN -> ping(nowNanos);
        case PAUSING -> state = State.IDLE;
        case IDLE, ENDED -> {}
      }
    }
  }

  private void ping(long nowNanos) {
    ClientConfig.Connection times = config.connection();
    if (!isPingUnanswered) {
      askForSign(nowNanos);
    } else if (nowNanos - pingSentNanos > times.silenceMillis() * NANOS_PER_MILLI) {
      lost(connection, new TimeoutException(address + " gives no sign of life"));
      return;
    }
    loop.setAlarm(alarm, times.pingMillis());
  }

  @Override
  public void askForSign(long nowNanos) {
    GrpcClientRequest<ClientFrame, ServerFrame> open = stream;
    HttpConnection http = open == null ? null : open.connection();
    if (http == null || isPingUnanswered) {
      return;
    }
    long mine = connection;
    isPingUnanswered = true;
    pingSentNanos = nowNanos;
    http.ping(Buffer.buffer(8).appendLong(nowNanos))
        .onComplete(
            answer -> loop.turn(() -> onPong(mine)), cause -> loop.turn(() -> lost(mine, cause)));
  }

  private void onPong(long mine) {
    if (isCurrent(mine)) {
      isPingUnanswered = false;
      hear(loop.nowNanos());
    }
  }

  private void lost(long mine, Throwable cause) {
    if (!isCurrent(mine) || state == State.PAUSING) {
      return;
    }
    log.debug("session lost address={} state={} cause={}", address, state, cause.toString());
    state = State.PAUSING;
    connection++;
    lastCause = cause;
    loop.clock().forget(address);
    dropConnection();
    loop.setAlarm(alarm, backOff.nextDelayMillis());
    giveBack(cause);
  }

  private void giveBack(Throwable cause) {
    List<Call<?>> unsent = List.copyOf(queue);
    queue.clear();
    for (Call<?> call : inFlight.removeAll()) {
      if (!call.isCompleted && call.session == this) {
        loop.runner().onLost(call, cause);
      }
    }
    for (Call<?> call : unsent) {
      if (!call.isCompleted && call.session == this && !call.isSent) {
        loop.runner().onUnsent(call, cause);
      }
    }
  }

  private UnavailableException cause(String what) {
    return new UnavailableException(address + " " + what, lastCause);
  }

  private void dropConnection() {
    GrpcClient ours = client;
    stream = null;
    client = null;
    if (ours != null) {
      ours.close();
    }
  }

  /** Ends the stream and every call in it. */
  void end() {
    GrpcClientRequest<ClientFrame, ServerFrame> open = stream;
    GrpcClient ours = client;
    state = State.ENDED;
    connection++;
    stream = null;
    client = null;
    loop.cancelAlarm(alarm);
    watch.end();
    inFlight.removeAll().forEach(loop.runner()::onEnd);
    List<Call<?>> unsent = List.copyOf(queue);
    queue.clear();
    unsent.forEach(loop.runner()::onEnd);
    if (open != null && ours != null) {
      open.end().onComplete(ended -> ours.close());
    } else if (ours != null) {
      ours.close();
    }
  }

  private boolean isCurrent(long mine) {
    return connection == mine && state != State.ENDED;
  }
}
