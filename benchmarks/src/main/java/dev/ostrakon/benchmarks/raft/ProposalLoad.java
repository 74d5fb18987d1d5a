package dev.ostrakon.benchmarks.raft;

import dev.ostrakon.node.HostedReplica;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.ProposalOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Makes proposals for one group: keeps a number of them in flight (whenever one is applied, the
 * next follows), or makes one whenever it is told to.
 *
 * <p>Confined to the event loop of the group's replica.
 */
final class ProposalLoad {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int KEYS = 100_000;

  private final HostedReplica<Boolean> replica;
  private final int valueBytes;
  private final RandomSource random;
  private final Histogram latencyNanos = new Histogram(3);

  /** How many proposals should be in flight. */
  private int wanted;

  private int inFlight;
  private long appliedCount;
  private long failedCount;

  ProposalLoad(HostedReplica<Boolean> replica, int valueBytes) {
    this.replica = replica;
    this.valueBytes = valueBytes;
    this.random = new RandomSource(replica.group().number());
  }

  void setInFlight(int count) {
    wanted = count;
    refill();
  }

  /** Makes one proposal, whatever else is under way. */
  void proposeOne() {
    inFlight++;
    propose();
  }

  int inFlight() {
    return inFlight;
  }

  long appliedCount() {
    return appliedCount;
  }

  long failedCount() {
    return failedCount;
  }

  /** Latencies since the last reset, of proposals that were applied. */
  Histogram latencyNanos() {
    return latencyNanos;
  }

  private void refill() {
    while (inFlight < wanted) {
      proposeOne();
    }
  }

  private void propose() {
    long startNanos = replica.owner().nowNanos();
    replica
        .replica()
        .propose(
            command(), startNanos + PATIENCE.toNanos(), outcome -> onOutcome(outcome, startNanos));
  }

  private void onOutcome(ProposalOutcome<Boolean> outcome, long startNanos) {
    inFlight--;
    if (outcome instanceof ProposalOutcome.Applied) {
      appliedCount++;
      latencyNanos.recordValue(replica.owner().nowNanos() - startNanos);
      refill();
    } else {
      failedCount++;
      // In a turn of its own: a replica that refuses would otherwise be asked without end.
      replica.owner().execute(this::refill);
    }
  }

  private Bytes command() {
    byte[] command = new byte[PutMachine.KEY_BYTES + valueBytes];
    ByteBuffer.wrap(command).putLong(0, random.nextInt(KEYS));
    return Bytes.wrap(command);
  }
}
