package dev.ostrakon.node.connection;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets connections in, up to a bound in all and for each address. Any thread. */
public final class ConnectionGate {
  private static final Logger log = LoggerFactory.getLogger(ConnectionGate.class);
  private static final long COMPLAINT_NANOS = 10_000_000_000L; // 10 s

  private final ConnectionLimits limits;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unsettled = new LongAdder();
  private final LongAdder silent = new LongAdder();
  private final Complaints complaints = new Complaints();

  /** Nobody is connected. */
  public ConnectionGate(ConnectionLimits limits) {
    this.limits = limits;
  }

  ConnectionLimits limits() {
    return limits;
  }

  /** Whether there was room for a connection, which is to {@link #leave} then. */
  boolean tryEnter(InetAddress address) {
    if (open.incrementAndGet() > limits.connectionsMax()) {
      open.decrementAndGet();
      refuse(address, "connections-max", limits.connectionsMax());
      return false;
    }
    int ofAddress = byAddress.merge(address, 1, Integer::sum);
    if (ofAddress > limits.perAddressMax()) {
      leave(address);
      refuse(address, "connections-per-address-max", limits.perAddressMax());
      return false;
    }
    return true;
  }

  private void refuse(InetAddress address, String setting, int limit) {
    refused.increment();
    if (complaints.isDue(COMPLAINT_NANOS)) {
      log.warn(
          "connection refused address={} {}={} refused={}",
          address.getHostAddress(),
          setting,
          limit,
          refused.sum());
    }
  }

  /** A connection was closed. */
  void leave(InetAddress address) {
    open.decrementAndGet();
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** A connection was closed because its handshake did not come. */
  void onUnsettled() {
    unsettled.increment();
  }

  /** A connection was closed because it gave no sign of life. */
  void onSilent() {
    silent.increment();
  }

  /** Whether no further connection is let in. */
  public boolean isFull() {
    return open.get() >= limits.connectionsMax();
  }

  /** How many connections may be open. */
  public int max() {
    return limits.connectionsMax();
  }

  /** Open connections. */
  public int count() {
    return open.get();
  }

  /** Connections that were not let in. */
  public long refusedCount() {
    return refused.sum();
  }

  /** Connections that were closed because their handshake did not come. */
  public long unsettledCount() {
    return unsettled.sum();
  }

  /** Connections that were closed because they gave no sign of life. */
  public long silentCount() {
    return silent.sum();
  }
}
