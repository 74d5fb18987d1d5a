package dev.ostrakon.node;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ReplicaObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to a replica into the log and passes it on. Confined to the replica's loop.
 */
final class LoggingObserver implements ReplicaObserver {

  /** Told when the replica stopped itself. */
  interface Stopped {
    void onStopped(Throwable cause);
  }

  private static final long REPORT_GAP_NANOS = 10_000_000_000L; // 10 s

  private static final Logger log = LoggerFactory.getLogger(LoggingObserver.class);

  private final NodeId node;
  private final GroupId group;
  private final ReplicaId replica;
  private final Stopped stopped;
  private final ReplicaObserver next;
  private long malformedCount;
  private long saidNanos;

  LoggingObserver(NodeId node, GroupSpec<?> spec, Stopped stopped) {
    this.node = node;
    this.group = spec.group();
    this.replica = spec.self();
    this.stopped = stopped;
    this.next = spec.observer();
  }

  @Override
  public void onEvent(ReplicaEvent event) {
    if (event instanceof ReplicaEvent.MalformedMessage) {
      onMalformed(event);
    } else if (event instanceof ReplicaEvent.ReplicationStalled) {
      log.warn(
          "gave up leading: nothing was committed although a majority answered; do the others run"
              + " an older version that cannot read this node's entries? node={} group={}"
              + " replica={} event={}",
          node,
          group,
          replica,
          event);
    } else if (event instanceof ReplicaEvent.LostQuorum
        || event instanceof ReplicaEvent.LogCompacted) {
      // The first is followed by a change of role, the second is daily business.
      log.debug("replica node={} group={} replica={} event={}", node, group, replica, event);
    } else {
      log.info("replica node={} group={} replica={} event={}", node, group, replica, event);
    }
    next.onEvent(event);
  }

  /** Says so once in a while: whoever sends one such message may send a million. */
  private void onMalformed(ReplicaEvent event) {
    malformedCount++;
    long nowNanos = System.nanoTime();
    if (malformedCount == 1 || nowNanos - saidNanos >= REPORT_GAP_NANOS) {
      saidNanos = nowNanos;
      log.warn(
          "ignored a message that no correct replica sends node={} group={} replica={} event={}"
              + " ignored_so_far={}",
          node,
          group,
          replica,
          event,
          malformedCount);
    }
  }

  @Override
  public void onStopped(Throwable cause) {
    log.error(
        "replica stopped itself node={} group={} replica={} cause={}",
        node,
        group,
        replica,
        cause.toString(),
        cause);
    next.onStopped(cause);
    stopped.onStopped(cause);
    ProcessEnd.ifOutOfMemory(cause);
  }
}
