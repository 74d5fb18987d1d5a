package dev.ostrakon.simulation.report;

import dev.ostrakon.simulation.check.RaftChecker;
import dev.ostrakon.simulation.engine.Simulator;
import dev.ostrakon.simulation.fault.FaultCounts;

/**
 * What happened in one run, or in many.
 *
 * @param virtualNanos simulated time
 * @param events steps of the simulator
 * @param crashes processes killed
 * @param restarts processes started again
 * @param pauses processes frozen for a while
 * @param partitions cuts of links
 * @param diskFaults stalls and failures of disks
 * @param transfers hand-overs of leadership asked for
 * @param elections leaders elected
 * @param snapshots snapshots installed
 * @param commands commands acknowledged
 * @param unknowns commands of which the client does not know what became
 * @param reads reads served
 * @param messages messages sent
 */
public record RunCounts(
    long virtualNanos,
    long events,
    long crashes,
    long restarts,
    long pauses,
    long partitions,
    long diskFaults,
    long transfers,
    long elections,
    long snapshots,
    long commands,
    long unknowns,
    long reads,
    long messages) {

  /** Nothing has happened yet. */
  public static final RunCounts NONE = new RunCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * What happened in a run.
   *
   * @param answers what clients know of their commands
   */
  public static RunCounts of(
      Simulator simulator,
      FaultCounts faults,
      RaftChecker checker,
      Answers answers,
      long messages) {
    return new RunCounts(
        simulator.nowNanos(),
        simulator.executedCount(),
        faults.crashes(),
        faults.restarts(),
        faults.pauses(),
        faults.partitions(),
        faults.diskFaults(),
        faults.transfers(),
        checker.electionCount(),
        checker.snapshotsInstalledCount(),
        answers.commands(),
        answers.unknowns(),
        answers.reads(),
        messages);
  }

  /** What happened in both. */
  public RunCounts plus(RunCounts other) {
    return new RunCounts(
        virtualNanos + other.virtualNanos,
        events + other.events,
        crashes + other.crashes,
        restarts + other.restarts,
        pauses + other.pauses,
        partitions + other.partitions,
        diskFaults + other.diskFaults,
        transfers + other.transfers,
        elections + other.elections,
        snapshots + other.snapshots,
        commands + other.commands,
        unknowns + other.unknowns,
        reads + other.reads,
        messages + other.messages);
  }

  /** Simulated time in hours. */
  public double virtualHours() {
    return virtualNanos / 3.6e12;
  }

  /**
   * What clients know in the end.
   *
   * @param commands that were acknowledged
   * @param unknowns commands of which nothing is known
   * @param reads that were served
   */
  public record Answers(long commands, long unknowns, long reads) {}
}
