package dev.ostrakon.node.peer;

import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.replica.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from one event loop to the link to one peer, which may live on another loop.
 *
 * <p>Confined to its event loop. Between two loops at most one batch is under way; meanwhile
 * messages gather here, within the same bounds as at the link.
 */
final class PeerOutbox {

  private final PeerEnvironment environment;
  private final Scheduler loop;
  private final PeerLink link;
  private final PeerQueue queue;
  private boolean handoverUnderWay;

  PeerOutbox(PeerEnvironment environment, Scheduler loop, PeerLink link) {
    PeerConfig config = environment.config();
    this.environment = environment;
    this.loop = loop;
    this.link = link;
    this.queue = new PeerQueue(config.queueBytesMax(), config.queueMessagesMax());
  }

  void offer(RoutedMessage routed) {
    if (link.loop().isOwner()) {
      link.offer(routed);
    } else if (!queue.offer(routed)) {
      environment.counters().messagesDropped.increment();
    } else if (!handoverUnderWay) {
      handoverUnderWay = true;
      // In a task of its own, so that everything this turn sends goes along.
      loop.execute(this::handOver);
    }
  }

  private void handOver() {
    List<RoutedMessage> batch = new ArrayList<>(queue.messageCount());
    queue.drainTo(batch::add);
    link.loop()
        .execute(
            () -> {
              batch.forEach(link::offer);
              loop.execute(this::onTaken);
            });
  }

  private void onTaken() {
    if (queue.isEmpty()) {
      handoverUnderWay = false;
    } else {
      handOver();
    }
  }
}
