package dev.ostrakon.simulation.store;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.cluster.HostedMachine;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.Arrays;
import java.util.function.Consumer;

/** One replica of a shard group as a node hosts it: the front and the state machine behind it. */
public final class StoreMachine implements HostedMachine<BatchResult> {

  private static final long ADOPTION_NANOS = 1_000_000_000; // 1 s

  private final ShardFront front;
  private final StateMachine<BatchResult> machine;
  private final StoreFactory.Settings settings;
  private final SimulatedProcess process;
  private boolean adopting;

  StoreMachine(
      ShardFront front,
      StateStore store,
      StoreFactory.Settings settings,
      SimulatedProcess process) {
    this.front = front;
    this.machine = front.machine(store);
    this.settings = settings;
    this.process = process;
  }

  ShardFront front() {
    return front;
  }

  /** A fingerprint of everything replicated that is kept in memory. */
  long memoryHash() {
    long[] hash = {0};
    front
        .state()
        .visitMemory(
            (key, value) ->
                hash[0] =
                    hash[0] * 0x100000001b3L
                        + key.hashCode() * 31L
                        + Arrays.hashCode(value.sharedArray()));
    return hash[0];
  }

  @Override
  public void attach(Replica<BatchResult> replica, SimulatedProcess owner) {
    front.attach(replica, owner);
  }

  @Override
  public void tick() {
    front.tick();
    if (front.isLeading() && front.state().isLoaded() && !front.hasConfiguration() && !adopting) {
      adopting = true;
      front.adopt(
          settings.groups(),
          settings.configuration(),
          process.nowNanos() + ADOPTION_NANOS,
          answer -> adopting = false);
    }
  }

  @Override
  public void restored(SnapshotMetadata at) {
    machine.restored(at);
  }

  @Override
  public void apply(LogEntry entry, Consumer<BatchResult> done) {
    machine.apply(entry, done);
  }

  @Override
  public void beforeCheckpoint() {
    machine.beforeCheckpoint();
  }
}
