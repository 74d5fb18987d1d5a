package dev.ostrakon.node;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.node.peer.PeerClock;

/** Lets frames between nodes carry and merge the timestamps of a node's hybrid logical clock. */
public final class HybridPeerClock implements PeerClock {

  private final HybridLogicalClock clock;

  public HybridPeerClock(HybridLogicalClock clock) {
    this.clock = clock;
  }

  @Override
  public long now() {
    return clock.now().packed();
  }

  @Override
  public boolean observe(long timestamp) {
    return clock.observe(HybridTimestamp.fromPacked(timestamp)) instanceof Observation.Observed;
  }

  @Override
  public long offsetMillis(long timestamp) {
    long wallMillis = clock.last().wallMillis() - clock.driftMillis();
    return HybridTimestamp.fromPacked(timestamp).wallMillis() - wallMillis;
  }
}
