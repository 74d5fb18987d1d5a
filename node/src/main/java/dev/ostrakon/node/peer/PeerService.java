package dev.ostrakon.node.peer;

import dev.ostrakon.protocol.v1.PeerAnswer;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.protocol.v1.PeersService;
import dev.ostrakon.replica.Scheduler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/** The gRPC service that peers call, as one event loop's server offers it. */
final class PeerService extends PeersService {

  private final PeerEnvironment environment;
  private final PeerSessions sessions;
  private final Scheduler loop;

  PeerService(PeerEnvironment environment, PeerSessions sessions, Scheduler loop) {
    this.environment = environment;
    this.sessions = sessions;
    this.loop = loop;
  }

  @Override
  protected void exchange(ReadStream<PeerFrame> request, WriteStream<PeerAnswer> response) {
    new PeerSession(environment, sessions, loop, request, response).start();
  }
}
