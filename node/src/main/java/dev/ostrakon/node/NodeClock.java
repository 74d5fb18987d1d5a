package dev.ostrakon.node;

import dev.ostrakon.hlc.CarriedClock;
import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.MajorityClock;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.hlc.PhysicalClock;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.PeerClock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of a node: the machine's, kept within what the other nodes' clocks allow, carried on
 * where these were set back, and the hybrid clock over it. Any thread.
 */
public final class NodeClock implements PeerClock {
  private final PhysicalClock machine;
  private final MajorityClock<NodeId> wall;
  private final CarriedClock<NodeId> carried;
  private final HybridLogicalClock hybrid;
  private final long startNanos = System.nanoTime();

  /**
   * @param machine the clock of the machine
   * @param peerCount how many other nodes there are
   * @param replicas how many replicas a group has
   */
  public NodeClock(PhysicalClock machine, int peerCount, int replicas, ClockConfig config) {
    this.machine = machine;
    this.wall =
        new MajorityClock<>(
            machine, this::uptimeMillis, peerCount, config.maxClockSkewMillis() / 2);
    this.carried =
        new CarriedClock<>(wall, this::uptimeMillis, config.maxClockSkewMillis(), replicas / 2 + 1);
    this.hybrid = new HybridLogicalClock(carried, config);
  }

  /** What gives the node's timestamps. */
  public HybridLogicalClock hybrid() {
    return hybrid;
  }

  /** How far the machine's clock is ahead of what the others' clocks allow; 0 if it is right. */
  public long errorMillis() {
    long wallMillis = wall.wallMillis();
    return wallMillis == PhysicalClock.UNKNOWN ? 0 : machine.wallMillis() - wallMillis;
  }

  /** How far the time here is ahead of what the nodes' clocks show, because it does not go back. */
  public long leadMillis() {
    return carried.leadMillis();
  }

  /** A time that one node alone says it carries, which is ignored. */
  Optional<CarriedClock.Claim<NodeId>> ignored() {
    return carried.ignored();
  }

  private long uptimeMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  @Override
  public long now() {
    return hybrid.now().packed();
  }

  @Override
  public boolean observe(long timestamp) {
    return hybrid.observe(HybridTimestamp.fromPacked(timestamp)) instanceof Observation.Observed;
  }

  @Override
  public Reading reading() {
    return new Reading(machine.wallMillis(), uptimeMillis(), carried.carriedMillis());
  }

  @Override
  public Listener follow(NodeId peer) {
    return new PeerReadings(peer, wall.follow(peer));
  }

  /** What one stream of a peer tells. Confined to whoever receives its messages. */
  private final class PeerReadings implements Listener {
    private final NodeId peer;
    private final MajorityClock<NodeId>.Reports reports;

    /** Whether the peer carries a time, or may have by an earlier stream. */
    private boolean mayCarry = true;

    PeerReadings(NodeId peer, MajorityClock<NodeId>.Reports reports) {
      this.peer = peer;
      this.reports = reports;
    }

    @Override
    public long told(Reading reading) {
      reports.told(reading.wallMillis(), reading.uptimeMillis());
      boolean carries = reading.carriedMillis() != 0;
      if (carries || mayCarry) { // Seldom, and this is done for each frame.
        mayCarry = carries;
        carried.told(peer, reading.carriedMillis());
      }
      long known = wall.wallMillis();
      return known == PhysicalClock.UNKNOWN ? 0 : reading.wallMillis() - known;
    }
  }
}
