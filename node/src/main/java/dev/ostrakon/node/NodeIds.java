package dev.ostrakon.node;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.protocol.CallIds;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for what the node itself asks of the controller, under a client id drawn at the start of the
 * node. Any thread.
 */
final class NodeIds implements CallIds {
  private final ClientId client;
  private final AtomicLong sequence = new AtomicLong();
  private final HybridLogicalClock clock;

  NodeIds(HybridLogicalClock clock) {
    SecureRandom random = new SecureRandom();
    this.client = new ClientId(random.nextLong(), random.nextLong());
    this.clock = clock;
  }

  @Override
  public RequestId next() {
    return new RequestId(client, sequence.incrementAndGet());
  }

  @Override
  public HybridTimestamp now() {
    return clock.now();
  }
}
