package dev.ostrakon.node;

import dev.ostrakon.node.connection.ConnectionGate;
import dev.ostrakon.node.connection.ConnectionLimits;
import dev.ostrakon.node.connection.GuardedTransport;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.NodeSettings;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of a node and who may connect to them. Immutable.
 *
 * @param server the gate of clients and peers
 * @param admin the gate of operators
 */
record NodePorts(GuardedTransport transport, ConnectionGate server, ConnectionGate admin) {
  private static final Logger log = LoggerFactory.getLogger(NodePorts.class);

  /** Gates at the ports that the settings name. */
  static NodePorts of(NodeSettings settings) {
    ConnectionLimits wanted =
        ConnectionLimits.ofServer(
            settings.serving().connections().max(),
            settings.serving().connections().perAddressMax());
    ConnectionLimits limits = wanted.within(filesMax());
    if (limits.connectionsMax() < wanted.connectionsMax()) {
      log.info(
          "connections are limited by file descriptors node={} connections={} files={}",
          settings.id(),
          limits.connectionsMax(),
          filesMax());
    }
    ConnectionGate server = new ConnectionGate(limits);
    ConnectionGate admin = new ConnectionGate(ConnectionLimits.ofAdmin());
    GuardedTransport transport = new GuardedTransport();
    transport.guard(settings.listen().port(), server);
    NodeAddress adminAddress = settings.admin();
    if (adminAddress != null) {
      transport.guard(adminAddress.port(), admin);
    }
    return new NodePorts(transport, server, admin);
  }

  /** File descriptors that this process may have; plenty if the system does not tell. */
  private static long filesMax() {
    try {
      Object files =
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(
                  new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME),
                  "MaxFileDescriptorCount");
      return files instanceof Long count ? count : Integer.MAX_VALUE;
    } catch (JMException e) {
      log.debug("file descriptors are not told", e);
      return Integer.MAX_VALUE;
    }
  }
}
