package dev.ostrakon.storage;

import dev.ostrakon.replica.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * What all the replicas of one owner want from the log in one turn, on its way to the log writer.
 *
 * <p>Without it the writer, which sleeps while there is nothing to do, would take the first
 * replica's write for a commit of its own and leave those of the others to the next: twice the
 * syncs.
 *
 * <p>Confined to the owner. Order is kept.
 */
final class LogHandover {

  private final LogWriter writer;
  private final Scheduler owner;
  private List<LogJob> jobs = new ArrayList<>();

  LogHandover(LogWriter writer, Scheduler owner) {
    this.writer = writer;
    this.owner = owner;
  }

  /**
   * Adds a job to what is handed over once the tasks that wait for the owner now have had their
   * turn.
   */
  void add(LogJob job) {
    jobs.add(job);
    if (jobs.size() == 1) {
      owner.execute(this::handOver);
    }
  }

  private void handOver() {
    List<LogJob> all = jobs;
    jobs = new ArrayList<>();
    writer.submit(all);
  }
}
