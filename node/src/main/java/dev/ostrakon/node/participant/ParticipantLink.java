package dev.ostrakon.node.participant;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.node.peer.BackOff;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.peer.PeerClients;
import dev.ostrakon.node.rpc.FrameQueue;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ParticipantAnswerCodec;
import dev.ostrakon.protocol.ParticipantCallCodec;
import dev.ostrakon.protocol.v1.AnswerOfParticipant;
import dev.ostrakon.protocol.v1.CallToParticipant;
import dev.ostrakon.protocol.v1.ParticipantAnswers;
import dev.ostrakon.protocol.v1.ParticipantFrame;
import dev.ostrakon.protocol.v1.ParticipantsGrpcClient;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls from one event loop to the participants on one peer. Confined to that loop.
 *
 * <p>Every call is answered exactly once: by the peer, or as lost when its time is over or the
 * stream breaks. A stream is opened when there is something to send, and given up together with the
 * stream of Raft messages, which notices a silent peer by its pings.
 */
final class ParticipantLink {
  private static final Logger log = LoggerFactory.getLogger(ParticipantLink.class);

  /** Bytes of calls that the peer has not taken, beyond which no more are taken in. */
  private static final long CALL_BYTES_MAX = 16L << 20; // 16 MiB

  private enum State {
    CLOSED,
    CONNECTING,
    OPEN
  }

  private record Unanswered(
      boolean settles, long deadlineNanos, Consumer<ParticipantAnswer> done) {}

  private final ParticipantEnvironment environment;
  private final NodeId peer;
  private final SocketAddress address;
  private final Scheduler loop;
  private final BackOff backOff;
  private final Map<Long, Unanswered> unanswered = new LinkedHashMap<>();

  /** How many of the unanswered calls settle something: they have room of their own. */
  private int settling;

  private State state = State.CLOSED;

  /** Counts attempts: a callback of an earlier one is void. */
  private long attempt;

  private long lastCorrelation;
  private long retryNanos;
  private long connectByNanos;
  private boolean stopped;
  private @Nullable GrpcClient client;
  private @Nullable GrpcClientRequest<ParticipantFrame, ParticipantAnswers> stream;

  /** Calls that wait for the end of the turn or for the stream. */
  private FrameQueue<CallToParticipant> calls = new FrameQueue<>(this::write, () -> {});

  private boolean isFlushDue;

  ParticipantLink(
      ParticipantEnvironment environment,
      NodeId peer,
      NodeAddress address,
      Scheduler loop,
      RandomSource random) {
    this.environment = environment;
    this.peer = peer;
    this.address = address.toSocketAddress();
    this.loop = loop;
    this.backOff =
        new BackOff(
            environment.peers().backoffMinMillis(), environment.peers().backoffMaxMillis(), random);
    this.retryNanos = loop.nowNanos();
  }

  /** Sends a call with what else leaves in this turn. */
  void send(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    long nowNanos = loop.nowNanos();
    boolean settles = call.kind().settles();
    int present = settles ? settling : unanswered.size() - settling;
    if (present >= environment.callsMax() || calls.bytes() > CALL_BYTES_MAX) {
      done.accept(new ParticipantAnswer.Overloaded(ParticipantEnvironment.RETRY_AFTER_MILLIS));
      return;
    }
    if (stopped || (state == State.CLOSED && nowNanos < retryNanos)) {
      // Nothing was sent, and nothing can be at present.
      done.accept(new ParticipantAnswer.NotLeader(Optional.empty()));
      return;
    }
    lastCorrelation++;
    unanswered.put(lastCorrelation, new Unanswered(settles, deadlineNanos, done));
    settling += settles ? 1 : 0;
    environment.counters().callsSent.increment();
    add(group, call, Math.max(1, (deadlineNanos - nowNanos) / 1_000_000));
    if (state == State.CLOSED) {
      connect();
    }
  }

  private void add(GroupId group, ParticipantCall call, long timeoutMillis) {
    CallToParticipant wire =
        ParticipantCallCodec.encode(call)
            .setCorrelation(lastCorrelation)
            .setGroup(group.number())
            .setTimeoutMillis((int) Math.min(Integer.MAX_VALUE, timeoutMillis))
            .build();
    calls.add(wire, wire.getSerializedSize());
    if (!isFlushDue && state == State.OPEN) {
      isFlushDue = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    if (state == State.OPEN) {
      calls.flush();
    }
  }

  private Future<Void> write(List<CallToParticipant> batch) {
    GrpcClientRequest<ParticipantFrame, ParticipantAnswers> open = stream;
    if (open == null) {
      return Future.failedFuture(new IllegalStateException("the stream is closed"));
    }
    long mine = attempt;
    return open.write(
            ParticipantFrame.newBuilder()
                .setTimestamp(environment.timestamp())
                .addAllCalls(batch)
                .build())
        .onFailure(cause -> lost(mine, cause));
  }

  /** Answers what has run out of time, and gives a stream up that leads nowhere. */
  void tick() {
    long nowNanos = loop.nowNanos();
    List<Unanswered> late = new ArrayList<>();
    unanswered.values().removeIf(call -> call.deadlineNanos() - nowNanos <= 0 && late.add(call));
    late.forEach(this::discount);
    late.forEach(this::lose);
    if (state == State.OPEN && !environment.connected().test(peer)) {
      lost(attempt, new IllegalStateException("the peer has fallen silent"));
    } else if (state == State.CONNECTING && nowNanos - connectByNanos > 0) {
      lost(attempt, new IllegalStateException("no answer to the hello"));
    }
  }

  private void discount(Unanswered call) {
    settling -= call.settles() ? 1 : 0;
  }

  private void lose(Unanswered call) {
    environment.counters().callsLost.increment();
    call.done().accept(new ParticipantAnswer.Lost());
  }

  private void connect() {
    state = State.CONNECTING;
    attempt++;
    long mine = attempt;
    connectByNanos =
        loop.nowNanos()
            + (environment.peers().connectTimeoutMillis()
                    + environment.peers().helloTimeoutMillis())
                * 1_000_000L;
    GrpcClient ours =
        PeerClients.create(environment.vertx(), environment.peers(), environment.tls());
    client = ours;
    ours.request(address, ParticipantsGrpcClient.Exchange)
        .onComplete(request -> greet(mine, request), cause -> lost(mine, cause));
  }

  private void greet(long mine, GrpcClientRequest<ParticipantFrame, ParticipantAnswers> request) {
    if (attempt != mine || state != State.CONNECTING) {
      return;
    }
    stream = request;
    request.exceptionHandler(cause -> lost(mine, cause));
    request.response().onComplete(response -> listen(mine, response), cause -> lost(mine, cause));
    request
        .write(
            ParticipantFrame.newBuilder()
                .setTimestamp(environment.timestamp())
                .setHello(environment.greeting().hello(peer))
                .build())
        .onFailure(cause -> lost(mine, cause));
  }

  private void listen(
      long mine, GrpcClientResponse<ParticipantFrame, ParticipantAnswers> response) {
    response.handler(answers -> onAnswers(mine, answers));
    response.exceptionHandler(cause -> lost(mine, cause));
    response.endHandler(ended -> lost(mine, new IllegalStateException("the stream has ended")));
  }

  private void onAnswers(long mine, ParticipantAnswers frame) {
    if (attempt != mine || state == State.CLOSED) {
      return;
    }
    environment.observe(frame.getTimestamp());
    if (state == State.CONNECTING) {
      onGreeting(mine, frame);
    }
    frame.getAnswersList().forEach(this::onAnswer);
  }

  private void onGreeting(long mine, ParticipantAnswers frame) {
    if (frame.hasWelcome() && environment.greeting().check(frame.getWelcome(), peer).isEmpty()) {
      state = State.OPEN;
      backOff.reset();
      flush();
    } else {
      log.warn(
          "refused node={} participant={} reason={}",
          environment.map().self(),
          peer,
          frame.getRefusal().getCode());
      backOff.saturate();
      lost(mine, new IllegalStateException("refused"));
    }
  }

  private void onAnswer(AnswerOfParticipant wire) {
    Unanswered call = unanswered.remove(wire.getCorrelation());
    if (call == null) {
      return; // It came too late.
    }
    discount(call);
    try {
      call.done().accept(ParticipantAnswerCodec.decode(wire));
    } catch (MalformedMessageException e) {
      environment
          .counters()
          .malformed(
              "malformed answer node={} participant={} cause={}",
              environment.map().self(),
              peer,
              String.valueOf(e.getMessage()));
      lose(call);
    }
  }

  private void lost(long mine, Throwable cause) {
    if (attempt != mine || state == State.CLOSED) {
      return;
    }
    log.debug("participants lost peer={} cause={}", peer, cause.toString());
    close();
    retryNanos = loop.nowNanos() + backOff.nextDelayMillis() * 1_000_000;
    loseAll();
  }

  private void close() {
    GrpcClient ours = client;
    state = State.CLOSED;
    attempt++;
    stream = null;
    client = null;
    calls.close();
    calls = new FrameQueue<>(this::write, () -> {});
    if (ours != null) {
      ours.close();
    }
  }

  private void loseAll() {
    List<Unanswered> all = List.copyOf(unanswered.values());
    unanswered.clear();
    all.forEach(this::lose);
  }

  /** Closes the stream for good; what is not answered is lost. */
  void stop() {
    stopped = true;
    close();
    loseAll();
  }
}
