package dev.ostrakon.node.participant;

import dev.ostrakon.protocol.v1.ParticipantAnswers;
import dev.ostrakon.protocol.v1.ParticipantFrame;
import dev.ostrakon.protocol.v1.ParticipantsService;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/** The {@code Participants} service, as the server of one event loop offers it. */
public final class ParticipantEndpoint extends ParticipantsService {
  private final ParticipantEnvironment environment;
  private final LocalParticipants participants;
  private final Scheduler loop;

  /** The service on a loop. */
  public ParticipantEndpoint(
      ParticipantEnvironment environment, LocalParticipants participants, Scheduler loop) {
    this.environment = environment;
    this.participants = participants;
    this.loop = loop;
  }

  @Override
  protected void exchange(
      ReadStream<ParticipantFrame> request, WriteStream<ParticipantAnswers> response) {
    new ParticipantSession(environment, participants, loop, request, response).start();
  }
}
