package dev.ostrakon.node.peer;

import io.vertx.core.net.SocketAddress;
import java.net.BindException;

/**
 * Where a node listens. In text, and in the authority of a call, an IPv6 address stands in
 * brackets.
 *
 * @param host a name, or an IPv4 or IPv6 address, without brackets
 * @param port from 1 to 65535
 */
public record NodeAddress(String host, int port) {

  public NodeAddress {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "expected a host and a port in 1..65535, was '" + host + "' and " + port);
    }
  }

  /** Where a client connects to. */
  public SocketAddress toSocketAddress() {
    return SocketAddress.inetSocketAddress(port, hostInText());
  }

  /** The failure to listen here, which names the address, as the cause does not. */
  public BindException cannotListen(Throwable cause) {
    BindException named = new BindException("cannot listen on " + this + ": " + cause.getMessage());
    named.initCause(cause);
    return named;
  }

  private String hostInText() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  @Override
  public String toString() {
    return hostInText() + ":" + port;
  }
}
