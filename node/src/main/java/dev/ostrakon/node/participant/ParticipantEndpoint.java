package dev.ostrakon.node.participant;

import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.protocol.v1.ParticipantAnswers;
import dev.ostrakon.protocol.v1.ParticipantFrame;
import dev.ostrakon.protocol.v1.ParticipantsService;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/** The {@code Participants} service, as the server of one event loop offers it. */
public final class ParticipantEndpoint extends ParticipantsService {
  private final ParticipantEnvironment environment;
  private final FrontCalls fronts;
  private final Scheduler loop;

  /** The service on a loop. */
  public ParticipantEndpoint(
      ParticipantEnvironment environment, FrontCalls fronts, Scheduler loop) {
    this.environment = environment;
    this.fronts = fronts;
    this.loop = loop;
  }

  @Override
  protected void exchange(
      ReadStream<ParticipantFrame> request, WriteStream<ParticipantAnswers> response) {
    new ParticipantSession(environment, fronts, loop, request, response).start();
  }
}
