package dev.ostrakon.group;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The replica that a front belongs to, once there is one: a machine is made before its replica. */
final class FrontReplica {
  private record Attached(Replica<BatchResult> replica, Scheduler scheduler) {}

  private final Function<ReplicaId, Optional<NodeId>> nodes;
  private @Nullable Attached attached;
  private @Nullable StorageException failure;

  FrontReplica(Function<ReplicaId, Optional<NodeId>> nodes) {
    this.nodes = nodes;
  }

  void attach(Replica<BatchResult> replica, Scheduler scheduler) {
    if (attached != null) {
      throw new IllegalStateException("a front belongs to one replica, was attached twice");
    }
    attached = new Attached(replica, scheduler);
    if (failure != null) {
      replica.fail(failure);
    }
  }

  /** The term in which it leads; 0 if it does not. */
  long leadingTerm() {
    return attached == null ? 0 : attached.replica.leadingTerm();
  }

  boolean isLeading() {
    return leadingTerm() != 0;
  }

  /** Who leads as far as is known. */
  Optional<NodeId> leader() {
    return attached == null ? Optional.empty() : nodeOf(attached.replica.status().leader());
  }

  Optional<NodeId> nodeOf(ReplicaId id) {
    return id.isNone() ? Optional.empty() : nodes.apply(id);
  }

  long nowNanos() {
    return attached == null ? 0 : attached.scheduler.nowNanos();
  }

  void execute(Runnable task) {
    require().scheduler.execute(task);
  }

  void propose(Bytes command, long deadlineNanos, Consumer<ProposalOutcome<BatchResult>> listener) {
    require().replica.propose(command, deadlineNanos, listener);
  }

  void read(long deadlineNanos, Consumer<ReadResult> listener) {
    require().replica.read(deadlineNanos, listener);
  }

  void fail(StorageException cause) {
    if (attached == null) {
      failure = cause;
    } else {
      attached.replica.fail(cause);
    }
  }

  private Attached require() {
    if (attached == null) {
      throw new IllegalStateException("expected a replica, attach() was not called");
    }
    return attached;
  }
}
