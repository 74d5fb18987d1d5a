package dev.ostrakon.node.cluster;

import dev.ostrakon.replica.Scheduler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link Handover} of each event loop. Any thread. */
public final class Handovers {
  private final Map<Scheduler, Handover> byLoop = new ConcurrentHashMap<>();

  /** The way from a loop; to be used on it only. */
  public Handover from(Scheduler loop) {
    return byLoop.computeIfAbsent(loop, Handover::new);
  }
}
