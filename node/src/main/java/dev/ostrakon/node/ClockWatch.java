package dev.ostrakon.node;

import dev.ostrakon.hlc.CarriedClock;
import dev.ostrakon.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which clock is wrong, by how much and until when: at once, and once in ten
 * minutes while it lasts. Confined to one event loop.
 */
final class ClockWatch {
  /** How often to look. */
  static final long PERIOD_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);
  private static final int LOOKS_BETWEEN_REPORTS = 600;

  private final NodeId node;
  private final NodeClock clock;
  private final Topic error = new Topic();
  private final Topic lead = new Topic();
  private final Topic claim = new Topic();

  ClockWatch(NodeId node, NodeClock clock) {
    this.node = node;
    this.clock = clock;
  }

  /** One thing that is wrong or not. */
  private static final class Topic {
    private boolean isWrong;
    private int looks;

    /** Whether it is to be said now. */
    boolean isDue(boolean isWrongNow) {
      boolean isNews = isWrongNow != isWrong;
      isWrong = isWrongNow;
      looks = isNews ? 0 : (looks + 1) % LOOKS_BETWEEN_REPORTS;
      return isNews || (isWrongNow && looks == 0);
    }
  }

  void look() {
    lookAtMachine();
    lookAtLead();
    lookAtClaims();
  }

  private void lookAtMachine() {
    long errorMillis = clock.errorMillis();
    boolean isOff = Math.abs(errorMillis) > clock.hybrid().maxClockSkewMillis();
    if (error.isDue(isOff)) {
      if (isOff) {
        log.warn(
            "this machine's clock is wrong and held to what the nodes' clocks allow, until it is"
                + " set right node={} error_millis={}",
            node,
            errorMillis);
      } else {
        log.info("this machine's clock is right again node={} error_millis={}", node, errorMillis);
      }
    }
  }

  private void lookAtLead() {
    long leadMillis = clock.leadMillis();
    if (lead.isDue(leadMillis > 0)) {
      if (leadMillis > 0) {
        log.warn(
            "the nodes' clocks were ahead and are right again; the time goes on from where the"
                + " groups' clocks stand, and requests are served node={} lead_millis={} until={}",
            node,
            leadMillis,
            end(leadMillis));
      } else {
        log.info("the nodes' clocks have caught up with the groups' clocks node={}", node);
      }
    }
  }

  private void lookAtClaims() {
    Optional<CarriedClock.Claim<NodeId>> ignored = clock.ignored();
    if (claim.isDue(ignored.isPresent())) {
      ignored.ifPresentOrElse(
          one ->
              log.warn(
                  "ignored the time that a node says it carries, because no group here and too few"
                      + " nodes have it; look at that node node={} peer={} ahead_millis={}",
                  node,
                  one.peer(),
                  one.aheadMillis()),
          () -> log.info("no node tells a time any more that nobody else has node={}", node));
    }
  }

  /** When the clocks will have caught up, to the day. */
  private static Instant end(long leadMillis) {
    return Instant.now()
        .plus(Duration.ofMillis(leadMillis).multipliedBy(CarriedClock.SLOWNESS))
        .truncatedTo(ChronoUnit.DAYS);
  }
}
