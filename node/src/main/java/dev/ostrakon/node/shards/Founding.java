package dev.ostrakon.node.shards;

import dev.ostrakon.controller.ControllerCommand;
import dev.ostrakon.controller.ControllerRequest;
import dev.ostrakon.controller.ControllerRules;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Slots;
import dev.ostrakon.node.settings.ClusterPlan;
import dev.ostrakon.protocol.CallIds;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first configurations of a cluster: whichever node leads the controller proposes them,
 * and as all nodes have the same plan it does no harm if several do. Any thread.
 */
public final class Founding {
  private static final Logger log = LoggerFactory.getLogger(Founding.class);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final LocalController controller;
  private final ClusterPlan plan;
  private final CallIds ids;

  /** The founding of a cluster by this plan. */
  public Founding(LocalController controller, ClusterPlan plan, CallIds ids) {
    this.controller = controller;
    this.plan = plan;
    this.ids = ids;
  }

  /**
   * Takes the next step if this node leads and there is one to take. The future always ends well;
   * what fails is to be tried again.
   */
  public Future<Void> advance() {
    return controller
        .isLeader()
        .compose(leads -> leads ? controller.newest().compose(this::advance) : done())
        .otherwise(
            cause -> {
              log.debug("founding postponed cause={}", cause.toString());
              return null;
            });
  }

  private Future<Void> advance(Optional<Configuration> newest) {
    if (newest.isEmpty()) {
      ControllerRules rules = ControllerRules.DEFAULTS.withSlots(new Slots(plan.slots()));
      return propose(new ControllerCommand.Found(rules)).compose(founded -> join());
    }
    return newest.get().number() == 0 ? join() : done();
  }

  private Future<Void> join() {
    return propose(new ControllerCommand.Join(plan.shardGroups()));
  }

  private Future<Void> propose(ControllerCommand command) {
    log.info("founding command={}", command.getClass().getSimpleName());
    return controller
        .change(new ControllerRequest(ids.next(), ids.now(), 0, command), TIMEOUT_MILLIS)
        .mapEmpty();
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }
}
