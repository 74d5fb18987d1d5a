package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.SimulatedStateStore;
import java.util.function.Consumer;

/** Lets observers see what a state machine is asked for and what comes of it. */
final class ObservedMachine<R> implements StateMachine<R> {

  private final Member<?, ?> member;
  private final StateMachine<R> machine;
  private final SimulatedStateStore store;
  private final ClusterObserver observer;

  ObservedMachine(
      Member<?, ?> member,
      StateMachine<R> machine,
      SimulatedStateStore store,
      ClusterObserver observer) {
    this.member = member;
    this.machine = machine;
    this.store = store;
    this.observer = observer;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    machine.restored(at);
    observer.onRestored(member, at, store.contentHash());
  }

  @Override
  public void apply(LogEntry entry, Consumer<R> done) {
    observer.onApply(member, entry);
    machine.apply(
        entry,
        result -> {
          observer.onApplied(member, entry, result, store.contentHash());
          done.accept(result);
        });
  }

  @Override
  public boolean isReadable(Bytes command) {
    return machine.isReadable(command);
  }

  @Override
  public SnapshotCheck snapshotCheck() {
    return machine.snapshotCheck();
  }

  @Override
  public void beforeCheckpoint() {
    machine.beforeCheckpoint();
    observer.onCheckpoint(member);
  }
}
