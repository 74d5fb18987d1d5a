package dev.ostrakon.node.participant;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.node.peer.Greeting;
import dev.ostrakon.node.peer.PeerRefusal;
import dev.ostrakon.node.rpc.FrameQueue;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ParticipantAnswerCodec;
import dev.ostrakon.protocol.ParticipantCallCodec;
import dev.ostrakon.protocol.v1.AnswerOfParticipant;
import dev.ostrakon.protocol.v1.CallToParticipant;
import dev.ostrakon.protocol.v1.ParticipantAnswers;
import dev.ostrakon.protocol.v1.ParticipantFrame;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that a coordinating node opened: asks the groups here what comes, and answers, one frame
 * a turn. Confined to the event loop of its stream.
 */
final class ParticipantSession {
  private static final Logger log = LoggerFactory.getLogger(ParticipantSession.class);

  /** The longest that a call may wait, whatever it says. */
  private static final int WAIT_MILLIS_MAX = 60_000;

  /** Refusals of calls that no correct coordinator makes with a clock that is right. */
  private static final Set<Refusal.Reason> WRONG =
      EnumSet.of(Refusal.Reason.INVALID, Refusal.Reason.CLOCK_SKEW);

  private enum State {
    GREETING,
    OPEN,
    ENDED
  }

  private final ParticipantEnvironment environment;
  private final FrontCalls fronts;
  private final Scheduler loop;
  private final ReadStream<ParticipantFrame> in;
  private final WriteStream<ParticipantAnswers> out;

  private State state = State.GREETING;
  private boolean isAdmitted;

  /** Who it says it is; empty before that. */
  private String coordinator = "";

  /** Calls that are not answered: those that settle something have room of their own. */
  private int settling;

  private int others;

  private long helloTimer;
  private boolean isPaused;
  private boolean isFlushDue;
  private final FrameQueue<AnswerOfParticipant> answers =
      new FrameQueue<>(this::write, this::resumeReading);

  ParticipantSession(
      ParticipantEnvironment environment,
      FrontCalls fronts,
      Scheduler loop,
      ReadStream<ParticipantFrame> in,
      WriteStream<ParticipantAnswers> out) {
    this.environment = environment;
    this.fronts = fronts;
    this.loop = loop;
    this.in = in;
    this.out = out;
  }

  void start() {
    in.exceptionHandler(cause -> end());
    out.exceptionHandler(cause -> end());
    in.endHandler(
        ended -> {
          if (state != State.ENDED) {
            end();
            out.end();
          }
        });
    out.drainHandler(drained -> resumeReading());
    isAdmitted = environment.sessions().tryEnter();
    if (!isAdmitted) {
      refuse(
          new PeerRefusal(
              PeerRefusal.Reason.OVERLOADED,
              "at most " + environment.sessions().max() + " streams of nodes may be open"));
      return;
    }
    int helloMillis = environment.peers().helloTimeoutMillis();
    helloTimer = environment.vertx().setTimer(helloMillis, timer -> onSilence(helloMillis));
    in.handler(this::onFrame);
  }

  private void onSilence(int helloMillis) {
    if (state == State.GREETING) {
      refuse(
          new PeerRefusal(
              PeerRefusal.Reason.MALFORMED, "no hello came within " + helloMillis + " ms"));
    }
  }

  private void end() {
    if (state != State.ENDED) {
      state = State.ENDED;
      answers.close();
      environment.vertx().cancelTimer(helloTimer);
      if (isAdmitted) {
        environment.sessions().leave();
      }
    }
  }

  private void refuse(PeerRefusal refusal) {
    end();
    out.end(
        ParticipantAnswers.newBuilder()
            .setTimestamp(environment.timestamp())
            .setRefusal(Greeting.toWire(refusal))
            .build());
  }

  private void onFrame(ParticipantFrame frame) {
    boolean onTime = environment.observe(frame.getTimestamp());
    if (state == State.GREETING) {
      onGreeting(frame);
    } else if (state == State.OPEN && onTime) {
      frame.getCallsList().forEach(this::onCall);
    }
    // What a node with a fast clock asks is not answered: it is lost, and its coordinator goes on.
  }

  private void onGreeting(ParticipantFrame frame) {
    Optional<PeerRefusal> refusal =
        frame.hasHello()
            ? environment.greeting().check(frame.getHello())
            : Optional.of(new PeerRefusal(PeerRefusal.Reason.MALFORMED, "expected a hello"));
    if (refusal.isPresent()) {
      log.warn(
          "refused node={} coordinator={} {}",
          environment.map().self(),
          frame.getHello().getNodeId(),
          refusal.get());
      refuse(refusal.get());
    } else {
      state = State.OPEN;
      coordinator = frame.getHello().getNodeId();
      environment.vertx().cancelTimer(helloTimer);
      out.write(
          ParticipantAnswers.newBuilder()
              .setTimestamp(environment.timestamp())
              .setWelcome(environment.greeting().welcome())
              .build());
    }
  }

  private void onCall(CallToParticipant wire) {
    long correlation = wire.getCorrelation();
    environment.counters().callsReceived.increment();
    boolean settles = settles(wire);
    if ((settles ? settling : others) >= environment.callsMax()) {
      environment.counters().callsRefused.increment();
      answer(
          correlation, new ParticipantAnswer.Overloaded(ParticipantEnvironment.RETRY_AFTER_MILLIS));
      return;
    }
    try {
      ParticipantCall call = ParticipantCallCodec.decode(wire);
      GroupId group = new GroupId(Math.max(0, wire.getGroup()));
      int timeoutMillis = Math.min(Math.max(1, wire.getTimeoutMillis()), WAIT_MILLIS_MAX);
      count(settles, 1);
      NodeParticipants.ask(
          fronts,
          group,
          call,
          loop.nowNanos() + timeoutMillis * 1_000_000L,
          answer -> {
            count(settles, -1);
            complain(group, answer);
            answer(correlation, answer);
          });
    } catch (MalformedMessageException e) {
      environment
          .counters()
          .malformed(
              "malformed call node={} coordinator={} cause={}",
              environment.map().self(),
              coordinator,
              String.valueOf(e.getMessage()));
      answer(correlation, new ParticipantAnswer.Lost());
    }
  }

  /** What the group refused because no correct coordinator sends it; the group counts it. */
  private void complain(GroupId group, ParticipantAnswer answer) {
    if (answer instanceof ParticipantAnswer.Denied denied
        && WRONG.contains(denied.refusal().reason())) {
      environment
          .counters()
          .complain(
              "refused a call node={} group={} coordinator={} refusal={}",
              environment.map().self(),
              group,
              coordinator,
              denied.refusal());
    }
  }

  private static boolean settles(CallToParticipant wire) {
    return wire.hasFinalise() || wire.hasRefuse() || wire.hasApply() || wire.hasForget();
  }

  private void count(boolean settles, int more) {
    if (settles) {
      settling += more;
    } else {
      others += more;
    }
  }

  private void answer(long correlation, ParticipantAnswer answer) {
    if (state != State.OPEN) {
      return;
    }
    AnswerOfParticipant wire = ParticipantAnswerCodec.encode(answer, correlation);
    answers.add(wire, wire.getSerializedSize());
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
    if (!isPaused && (out.writeQueueFull() || answers.heldBytes() > 0)) {
      isPaused = true;
      in.pause();
    }
  }

  private Future<Void> write(List<AnswerOfParticipant> batch) {
    return out.write(
        ParticipantAnswers.newBuilder()
            .setTimestamp(environment.timestamp())
            .addAllAnswers(batch)
            .build());
  }

  /** While answers wait, nothing further is asked. */
  private void resumeReading() {
    if (isPaused && state != State.ENDED && answers.heldBytes() == 0 && !out.writeQueueFull()) {
      isPaused = false;
      in.resume();
    }
  }
}
