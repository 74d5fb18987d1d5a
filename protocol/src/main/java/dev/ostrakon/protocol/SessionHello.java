package dev.ostrakon.protocol;

import dev.ostrakon.model.ClientId;

/**
 * How a client introduces itself.
 *
 * @param wireMajor the version that it speaks
 * @param clusterId the cluster that it expects; empty if any will do
 */
public record SessionHello(int wireMajor, int wireMinor, String clusterId, ClientId client) {
  /** What this version says. */
  public static SessionHello of(String clusterId, ClientId client) {
    return new SessionHello(WireFormat.MAJOR, WireFormat.MINOR, clusterId, client);
  }
}
