package dev.ostrakon.node.peer;

/**
 * Where a node listens.
 *
 * @param port from 1 to 65535
 */
public record NodeAddress(String host, int port) {

  public NodeAddress {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "expected a host and a port in 1..65535, was '" + host + "' and " + port);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
