package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.codec.FrameEncoder;
import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.protocol.v1.PeerAnswer;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.protocol.v1.PeersGrpcClient;
import dev.ostrakon.protocol.v1.Welcome;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one peer, opened again whenever it breaks, and the queue before it.
 *
 * <p>Threading: confined to the event loop {@code loop}; so are the callbacks of its stream.
 */
final class PeerLink {

  /* One attempt after the other. Each has a number, and every callback carries the number of the
   * attempt that it belongs to: what comes late, from an attempt that was given up, is ignored.
   *
   * An attempt has a client of its own, which ends with it: a connection that hangs half-open cannot
   * stand in the way of the next.
   *
   * It goes: connect, send the hello, wait for the welcome, check that it is the node and the disk
   * wanted, then send what waits. Any failure ends the attempt: the connection is closed, what waits
   * is dropped (it is stale, and the peer may be away for long), and after a pause comes the next.
   *
   * A peer that takes nothing in (stopped, or behind a dead network) costs what the queue and the
   * connection may hold, and is found out by its missing answers to pings.
   */

  private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

  private enum State {
    STOPPED,
    WAITING,
    CONNECTING,
    GREETING,
    OPEN
  }

  private final PeerEnvironment environment;
  private final NodeId peer;
  private final NodeAddress address;
  private final Scheduler loop;
  private final Supplier<GrpcClient> clients;
  private final PeerQueue queue;
  private final BackOff backOff;
  private final Promise<Void> firstWelcome = Promise.promise();

  private State state = State.STOPPED;
  private long attempt;
  private boolean flushScheduled;
  private int unsentBytes;
  private long pingSentNanos;
  private boolean pingUnanswered;
  private @Nullable GrpcClient client;
  private @Nullable GrpcClientRequest<PeerFrame, PeerAnswer> stream;
  private PeerRefusal.@Nullable Reason lastRefusal;

  PeerLink(
      PeerEnvironment environment,
      PeerTarget target,
      Scheduler loop,
      Supplier<GrpcClient> clients,
      RandomSource random) {
    PeerConfig config = environment.config();
    this.environment = environment;
    this.peer = target.node();
    this.address = target.address();
    this.loop = loop;
    this.clients = clients;
    this.queue = new PeerQueue(config.queueBytesMax(), config.queueMessagesMax());
    this.backOff = new BackOff(config.backoffMinMillis(), config.backoffMaxMillis(), random);
  }

  /** The event loop that owns this link. */
  Scheduler loop() {
    return loop;
  }

  /**
   * Ends well once the peer has accepted this node for the first time, and fails with {@link
   * PeerRefusedException} if it refuses it for good.
   */
  Future<Void> firstWelcome() {
    return firstWelcome.future();
  }

  void start() {
    if (state == State.STOPPED) {
      connect();
    }
  }

  /** Closes the stream; what still waits is sent first as far as the connection takes it. */
  void stop() {
    flush();
    endStream();
    kill();
  }

  /** Breaks the stream; what still waits is lost. */
  void kill() {
    state = State.STOPPED;
    attempt++;
    dropConnection();
    queue.clear();
    firstWelcome.tryFail("the link to " + peer + " was closed");
  }

  /** Adds a message to what leaves in this turn; drops it if there is no room. */
  void offer(RoutedMessage routed) {
    if (state == State.STOPPED
        || routed.sizeBytes() > environment.config().messageBytesMax()
        || !queue.offer(routed)) {
      environment.counters().messagesDropped.increment();
    } else if (state == State.OPEN) {
      scheduleFlush();
    }
  }

  private void connect() {
    environment.problems().putIfAbsent(peer, address + ": connecting");
    state = State.CONNECTING;
    attempt++;
    long mine = attempt;
    PeerConfig config = environment.config();
    environment
        .vertx()
        .setTimer(
            config.connectTimeoutMillis() + config.helloTimeoutMillis(),
            timer -> onWelcomeOverdue(mine));
    GrpcClient ours = clients.get();
    client = ours;
    ours.request(address.toSocketAddress(), PeersGrpcClient.Exchange)
        .onComplete(
            request -> {
              if (isCurrent(mine)) {
                greet(request);
              }
            },
            cause -> lost(mine, cause));
  }

  private void greet(GrpcClientRequest<PeerFrame, PeerAnswer> request) {
    long mine = attempt;
    state = State.GREETING;
    stream = request;
    request.exceptionHandler(cause -> lost(mine, cause));
    request.response().onComplete(response -> listen(mine, response), cause -> lost(mine, cause));
    request
        .write(environment.greeting().hello(peer, environment.timestamp()))
        .onFailure(cause -> lost(mine, cause));
  }

  private void onWelcomeOverdue(long mine) {
    if (isCurrent(mine) && state != State.OPEN) {
      lost(mine, new TimeoutException("no answer to the hello"));
    }
  }

  private void listen(long mine, GrpcClientResponse<PeerFrame, PeerAnswer> response) {
    response.handler(answer -> onAnswer(mine, answer));
    response.exceptionHandler(cause -> lost(mine, cause));
    response.endHandler(end -> lost(mine, new StreamClosedException(response.statusMessage())));
  }

  private void onAnswer(long mine, PeerAnswer answer) {
    if (!isCurrent(mine)) {
      return;
    }
    environment.observe(answer.getTimestamp());
    if (answer.hasRefusal()) {
      refused(mine, Greeting.fromWire(answer.getRefusal()));
    } else if (answer.hasWelcome() && state == State.GREETING) {
      onWelcome(mine, answer.getWelcome());
    }
  }

  private void onWelcome(long mine, Welcome welcome) {
    Optional<PeerRefusal> refusal = environment.greeting().check(welcome, peer);
    if (refusal.isPresent()) {
      refused(mine, refusal.get());
      return;
    }
    environment
        .disks()
        .isDiskOf(peer, welcome.getDiskId())
        .onComplete(
            isOwn -> loop.execute(() -> onDiskChecked(mine, isOwn)), cause -> lost(mine, cause));
  }

  private void onDiskChecked(long mine, boolean isOwn) {
    if (!isOwn) {
      refused(mine, PeerRefusal.replacedDisk(peer));
    } else if (isCurrent(mine) && state == State.GREETING) {
      open(mine);
    }
  }

  private void open(long mine) {
    state = State.OPEN;
    backOff.reset();
    lastRefusal = null;
    unsentBytes = 0;
    pingUnanswered = false;
    environment.connected().add(peer);
    environment.problems().remove(peer);
    environment.counters().connectionsOpened.increment();
    log.info("link open node={} peer={} address={}", environment.self().nodeId(), peer, address);
    environment.vertx().setPeriodic(environment.config().pingMillis(), timer -> ping(mine, timer));
    firstWelcome.tryComplete();
    tellTime(mine);
    scheduleFlush();
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.execute(this::flush);
    }
  }

  /** Sends what waits, as far as the connection takes it. */
  private void flush() {
    flushScheduled = false;
    GrpcClientRequest<PeerFrame, PeerAnswer> open = stream;
    if (state != State.OPEN || open == null) {
      return;
    }
    PeerConfig config = environment.config();
    while (!queue.isEmpty() && unsentBytes < config.unsentBytesMax()) {
      FrameEncoder frame = new FrameEncoder();
      queue.fill(frame, config.frameBytesMax());
      send(open, frame);
    }
  }

  private void send(GrpcClientRequest<PeerFrame, PeerAnswer> open, FrameEncoder frame) {
    long mine = attempt;
    int size = frame.sizeBytes();
    unsentBytes += size;
    environment.counters().framesSent.increment();
    environment.counters().messagesSent.add(frame.messageCount());
    open.write(finish(frame))
        .onComplete(written -> onWritten(mine, size), cause -> lost(mine, cause));
  }

  private PeerFrame finish(FrameEncoder frame) {
    PeerClock.Reading reading = environment.clock().reading();
    return frame.finish(
        environment.timestamp(),
        reading.wallMillis(),
        reading.uptimeMillis(),
        reading.carriedMillis());
  }

  /** Whoever has no group in common with the peer has nothing else to say, and is to be heard. */
  private void tellTime(long mine) {
    GrpcClientRequest<PeerFrame, PeerAnswer> open = stream;
    if (open != null && queue.isEmpty()) {
      open.write(finish(new FrameEncoder())).onFailure(cause -> lost(mine, cause));
    }
  }

  private void onWritten(long mine, int size) {
    if (isCurrent(mine)) {
      unsentBytes -= size;
      if (!queue.isEmpty()) {
        scheduleFlush();
      }
    }
  }

  private void ping(long mine, long timer) {
    HttpConnection connection = stream == null ? null : stream.connection();
    if (!isCurrent(mine) || state != State.OPEN || connection == null) {
      environment.vertx().cancelTimer(timer);
      return;
    }
    long nowNanos = loop.nowNanos();
    if (!pingUnanswered) {
      tellTime(mine);
      pingUnanswered = true;
      pingSentNanos = nowNanos;
      connection
          .ping(Buffer.buffer(8).appendLong(nowNanos))
          .onComplete(answer -> onPingAnswered(mine), cause -> lost(mine, cause));
    } else if (nowNanos - pingSentNanos > environment.config().silenceMillis() * 1_000_000L) {
      lost(mine, new TimeoutException("no sign of life"));
    }
  }

  private void onPingAnswered(long mine) {
    if (isCurrent(mine)) {
      pingUnanswered = false;
    }
  }

  private void refused(long mine, PeerRefusal refusal) {
    if (!isCurrent(mine)) {
      return;
    }
    if (refusal.reason() != lastRefusal) {
      lastRefusal = refusal.reason();
      log.warn("peer refused node={} peer={} {}", environment.self().nodeId(), peer, refusal);
    }
    environment.problems().put(peer, address + ": refused, " + refusal);
    environment.counters().hellosRefused.increment();
    if (refusal.reason() != PeerRefusal.Reason.STOPPING) {
      backOff.saturate();
      firstWelcome.tryFail(new PeerRefusedException(peer, refusal));
    }
    retryLater();
  }

  private void lost(long mine, Throwable cause) {
    if (!isCurrent(mine) || state == State.WAITING) {
      return;
    }
    environment.problems().put(peer, address + ": " + Causes.describe(cause));
    if (state == State.OPEN) {
      environment.counters().connectionsLost.increment();
      log.info(
          "link lost node={} peer={} cause={}",
          environment.self().nodeId(),
          peer,
          cause.toString());
    } else {
      log.debug(
          "link failed node={} peer={} cause={}",
          environment.self().nodeId(),
          peer,
          cause.toString());
    }
    retryLater();
  }

  private void retryLater() {
    if (state == State.OPEN) {
      environment.routes().disconnected(peer);
    }
    state = State.WAITING;
    attempt++;
    long mine = attempt;
    dropConnection();
    environment.counters().messagesDropped.add(queue.clear());
    environment
        .vertx()
        .setTimer(
            backOff.nextDelayMillis(),
            timer -> {
              if (isCurrent(mine)) {
                connect();
              }
            });
  }

  /** Ends the attempt's stream in good order, then its connection. */
  private void endStream() {
    GrpcClientRequest<PeerFrame, PeerAnswer> old = stream;
    GrpcClient ours = client;
    stream = null;
    client = null;
    environment.connected().remove(peer);
    if (old != null && ours != null) {
      old.end().onComplete(ended -> ours.close());
    } else if (ours != null) {
      ours.close();
    }
  }

  /** Ends the attempt's connection, in whatever state it is. */
  private void dropConnection() {
    GrpcClient ours = client;
    stream = null;
    client = null;
    environment.connected().remove(peer);
    if (ours != null) {
      ours.close();
    }
  }

  private boolean isCurrent(long mine) {
    return attempt == mine && state != State.STOPPED;
  }
}
