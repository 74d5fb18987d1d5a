package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.codec.FrameDecoder;
import dev.ostrakon.node.codec.MalformedMessageException;
import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.protocol.v1.Clocks;
import dev.ostrakon.protocol.v1.Hello;
import dev.ostrakon.protocol.v1.PeerAnswer;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that a peer opened: makes sure of the peer, then hands its messages to the replicas.
 *
 * <p>Threading: confined to the event loop {@code loop}. Messages for replicas of that loop are
 * delivered at once, those for others with one task a frame and loop; if too many such tasks wait,
 * the stream is paused.
 */
final class PeerSession {

  private static final Logger log = LoggerFactory.getLogger(PeerSession.class);

  private enum State {
    GREETING,
    CHECKING,
    OPEN,
    ENDED
  }

  private final PeerEnvironment environment;
  private final PeerSessions sessions;
  private final Scheduler loop;
  private final ReadStream<PeerFrame> in;
  private final WriteStream<PeerAnswer> out;

  private State state = State.GREETING;
  private @Nullable NodeId peer;
  private PeerClock.@Nullable Listener peerClock;
  private boolean complained;
  private long helloTimer;

  /** Frames handed to other event loops and not yet taken there. */
  private int handedOver;

  private boolean paused;

  /** Messages of the present frame for other event loops; empty between frames. */
  private final Map<Scheduler, List<Runnable>> handovers = new LinkedHashMap<>();

  PeerSession(
      PeerEnvironment environment,
      PeerSessions sessions,
      Scheduler loop,
      ReadStream<PeerFrame> in,
      WriteStream<PeerAnswer> out) {
    this.environment = environment;
    this.sessions = sessions;
    this.loop = loop;
    this.in = in;
    this.out = out;
  }

  void start() {
    in.handler(this::onFrame);
    in.exceptionHandler(cause -> end());
    in.endHandler(
        ended -> {
          if (state != State.ENDED) {
            end();
            out.end();
          }
        });
    helloTimer =
        environment
            .vertx()
            .setTimer(
                environment.config().helloTimeoutMillis(),
                timer -> {
                  if (state == State.GREETING) {
                    refuse(new PeerRefusal(PeerRefusal.Reason.MALFORMED, "no hello came"));
                  }
                });
  }

  /** The event loop that owns this session. */
  Scheduler loop() {
    return loop;
  }

  /** Tells the peer why, and ends the stream. */
  void refuse(PeerRefusal refusal) {
    if (state == State.ENDED) {
      return;
    }
    if (state != State.OPEN) {
      environment.counters().hellosRefused.increment();
    }
    end();
    out.end(Greeting.refusal(refusal, environment.timestamp()));
  }

  private void onFrame(PeerFrame frame) {
    learnTime(frame);
    if (state == State.OPEN) {
      onMessages(frame);
    } else if (state == State.GREETING && frame.hasHello()) {
      onHello(frame.getHello());
    } else {
      refuse(new PeerRefusal(PeerRefusal.Reason.MALFORMED, "expected a hello and nothing else"));
    }
  }

  /** The reading comes first: by it the node knows whether the timestamp is too far ahead. */
  private void learnTime(PeerFrame frame) {
    NodeId sender = peer;
    PeerClock.Listener listener = peerClock;
    if (sender != null && listener != null && frame.hasClocks()) {
      Clocks clocks = frame.getClocks();
      long offset =
          listener.told(
              new PeerClock.Reading(
                  clocks.getWallMillis(), clocks.getUptimeMillis(), clocks.getCarriedMillis()));
      environment.clockOffsets().put(sender, offset);
    }
    environment.observe(frame.getTimestamp());
  }

  private void onHello(Hello hello) {
    Optional<PeerRefusal> refusal = environment.greeting().check(hello);
    if (refusal.isPresent()) {
      log.warn(
          "refused node={} caller={} {}",
          environment.self().nodeId(),
          hello.getNodeId(),
          refusal.get());
      refuse(refusal.get());
      return;
    }
    state = State.CHECKING;
    NodeId caller = new NodeId(hello.getNodeId());
    environment
        .disks()
        .isDiskOf(caller, hello.getDiskId())
        .onComplete(
            isOwn -> loop.execute(() -> onDiskChecked(caller, isOwn)),
            cause -> loop.execute(() -> onDiskUnknown(caller, cause)));
  }

  private void onDiskChecked(NodeId caller, boolean isOwn) {
    if (state != State.CHECKING) {
      return;
    }
    if (!isOwn) {
      log.warn(
          "refused node={} caller={} reason=REPLACED_DISK", environment.self().nodeId(), caller);
      refuse(PeerRefusal.replacedDisk(caller));
      return;
    }
    state = State.OPEN;
    peer = caller;
    peerClock = environment.clock().follow(caller);
    sessions.opened(caller, this);
    out.write(environment.greeting().welcome(environment.timestamp()));
  }

  private void onDiskUnknown(NodeId caller, Throwable cause) {
    log.error(
        "cannot remember peers node={} caller={}", environment.self().nodeId(), caller, cause);
    refuse(new PeerRefusal(PeerRefusal.Reason.STOPPING, "this node cannot write to its disk"));
  }

  private void onMessages(PeerFrame frame) {
    if (frame.getMessagesCount() > 0 || frame.hasHeartbeats() || frame.hasHeartbeatResponses()) {
      environment.counters().framesReceived.increment();
    }
    try {
      int unknown = FrameDecoder.decode(frame, this::route);
      environment.counters().messagesUnknown.add(unknown);
    } catch (MalformedMessageException e) {
      onMalformed(e);
    }
    handovers.forEach(this::handOver);
    handovers.clear();
  }

  /**
   * Drops the rest of the frame: Raft repeats what matters, and a peer that is mad says it again.
   */
  private void onMalformed(MalformedMessageException cause) {
    environment.counters().messagesMalformed.increment();
    if (!complained) {
      complained = true;
      log.warn(
          "malformed message node={} peer={} cause={}",
          environment.self().nodeId(),
          peer,
          cause.getMessage());
    }
  }

  private void route(RoutedMessage routed) {
    NodeId sender = peer;
    GroupRoute route = environment.routes().find(routed.group()).orElse(null);
    if (route == null
        || sender == null
        || !route.self().equals(routed.to())
        || !route.isPlacedOn(routed.from(), sender)) {
      environment.counters().messagesMisrouted.increment();
      return;
    }
    environment.counters().messagesReceived.increment();
    if (route.owner().isOwner()) {
      route.receiver().deliver(routed.from(), routed.message());
    } else {
      handovers
          .computeIfAbsent(route.owner(), owner -> new ArrayList<>())
          .add(() -> route.receiver().deliver(routed.from(), routed.message()));
    }
  }

  private void handOver(Scheduler owner, List<Runnable> deliveries) {
    handedOver++;
    if (!paused && handedOver >= environment.config().handoverFramesMax()) {
      paused = true;
      in.pause();
    }
    owner.execute(
        () -> {
          deliveries.forEach(Runnable::run);
          loop.execute(this::onTaken);
        });
  }

  private void onTaken() {
    handedOver--;
    if (paused && handedOver <= environment.config().handoverFramesMax() / 2) {
      paused = false;
      if (state != State.ENDED) {
        in.resume();
      }
    }
  }

  private void end() {
    state = State.ENDED;
    environment.vertx().cancelTimer(helloTimer);
    if (peer != null) {
      sessions.ended(peer, this);
    }
  }
}
