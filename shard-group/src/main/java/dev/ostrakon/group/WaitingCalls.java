package dev.ostrakon.group;

import dev.ostrakon.model.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * All calls that wait for an answer of a front, by what they wait for; each kind has a bound of its
 * own.
 *
 * @param newWork requests and orders that are not applied yet
 * @param settling what brings earlier work to its end, likewise
 * @param executions requests that are logged and wait for their turn
 * @param reads reads
 * @param scans pages of scans
 * @param awaits coordinators that wait for a change of a transaction
 */
record WaitingCalls(
    PendingCalls newWork,
    PendingCalls settling,
    PendingCalls executions,
    PendingCalls reads,
    PendingCalls scans,
    PendingCalls awaits) {

  static WaitingCalls within(ShardFrontConfig config) {
    return new WaitingCalls(
        new PendingCalls(config.commandsMax()),
        new PendingCalls(config.commandsMax()),
        new PendingCalls(config.commandsMax()),
        new PendingCalls(config.readsMax()),
        new PendingCalls(config.scansMax()),
        new PendingCalls(config.awaitsMax()));
  }

  private List<PendingCalls> all() {
    return List.of(newWork, settling, executions, reads, scans, awaits);
  }

  /** Ends the calls whose deadline has passed; whether there were any. */
  boolean expire(long nowNanos) {
    boolean hasEnded = false;
    for (PendingCalls calls : all()) {
      hasEnded |= calls.expire(nowNanos);
    }
    return hasEnded;
  }

  void endAll(Optional<NodeId> leader) {
    all().forEach(calls -> calls.endAll(leader));
  }

  /** What they take of the heap; an estimate. */
  long bytes() {
    return all().stream().mapToLong(PendingCalls::bytes).sum();
  }

  /** Commands that were taken and are not answered. */
  int commandCount() {
    return newWork.size() + settling.size() + executions.size();
  }
}
