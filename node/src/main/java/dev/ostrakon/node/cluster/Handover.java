package dev.ostrakon.node.cluster;

import dev.ostrakon.replica.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The way from one event loop to the others: what gathers in one turn for another loop gets there
 * as one task, and what is for this loop runs at once.
 *
 * <p>Threading: confined to its loop. Bounded by those who use it: every task is about a request or
 * an answer that was admitted.
 */
public final class Handover {
  private final Scheduler loop;
  private final Map<Scheduler, List<Runnable>> gathered = new LinkedHashMap<>();
  private boolean scheduled;

  /** The way from this loop. */
  public Handover(Scheduler loop) {
    this.loop = loop;
  }

  /** The loop that this is the way from. */
  public Scheduler loop() {
    return loop;
  }

  /** Runs a task on its owner: at once if that is the caller, else with the next handover. */
  public void run(Scheduler owner, Runnable task) {
    if (owner.isOwner()) {
      task.run();
      return;
    }
    gathered.computeIfAbsent(owner, ignored -> new ArrayList<>()).add(task);
    if (!scheduled) {
      scheduled = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    scheduled = false;
    gathered.forEach((owner, tasks) -> owner.execute(() -> tasks.forEach(Runnable::run)));
    gathered.clear();
  }
}
