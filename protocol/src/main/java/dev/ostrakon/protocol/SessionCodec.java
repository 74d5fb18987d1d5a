package dev.ostrakon.protocol;

import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.NodeId;

/** The first frame of a session, each way. */
public final class SessionCodec {
  private SessionCodec() {}

  /** The wire form of a hello. */
  public static dev.ostrakon.protocol.v1.SessionHello encode(SessionHello hello) {
    return dev.ostrakon.protocol.v1.SessionHello.newBuilder()
        .setWireMajor(hello.wireMajor())
        .setWireMinor(hello.wireMinor())
        .setClusterId(hello.clusterId())
        .setClientHigh(hello.client().high())
        .setClientLow(hello.client().low())
        .build();
  }

  /** The hello of a wire form. */
  public static SessionHello decode(dev.ostrakon.protocol.v1.SessionHello wire)
      throws MalformedMessageException {
    return new SessionHello(
        Numbers.notNegative("wire_major", wire.getWireMajor()),
        Numbers.notNegative("wire_minor", wire.getWireMinor()),
        wire.getClusterId(),
        new ClientId(wire.getClientHigh(), wire.getClientLow()));
  }

  /** The wire form of a welcome. */
  public static dev.ostrakon.protocol.v1.SessionWelcome encode(SessionWelcome welcome) {
    dev.ostrakon.protocol.v1.SessionWelcome.Builder wire =
        dev.ostrakon.protocol.v1.SessionWelcome.newBuilder();
    if (welcome instanceof SessionWelcome.Accepted accepted) {
      return wire.setWireMajor(accepted.wireMajor())
          .setWireMinor(accepted.wireMinor())
          .setClusterId(accepted.clusterId())
          .setNodeId(accepted.node().name())
          .setWindow(accepted.window())
          .setFrameBytesMax(accepted.frameBytesMax())
          .build();
    }
    SessionWelcome.Rejected rejected = (SessionWelcome.Rejected) welcome;
    return wire.setWireMajor(WireFormat.MAJOR)
        .setWireMinor(WireFormat.MINOR)
        .setError(ErrorCodec.encode(rejected.error()))
        .build();
  }

  /** The welcome of a wire form. */
  public static SessionWelcome decode(dev.ostrakon.protocol.v1.SessionWelcome wire)
      throws MalformedMessageException {
    if (wire.hasError()) {
      return new SessionWelcome.Rejected(ErrorCodec.decode(wire.getError()));
    }
    try {
      return new SessionWelcome.Accepted(
          Numbers.notNegative("wire_major", wire.getWireMajor()),
          Numbers.notNegative("wire_minor", wire.getWireMinor()),
          wire.getClusterId(),
          new NodeId(wire.getNodeId()),
          Numbers.notNegative("window", wire.getWindow()),
          Numbers.notNegative("frame_bytes_max", wire.getFrameBytesMax()));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("welcome", e);
    }
  }
}
