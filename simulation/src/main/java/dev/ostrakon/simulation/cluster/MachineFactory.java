package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.function.IntConsumer;

/**
 * Makes the state machines of a cluster.
 *
 * @param <M> the state machine
 */
public interface MachineFactory<M extends StateMachine<?>> {

  /** A state machine on a store, for one life of one member of this group. */
  M create(int group, StateStore store);

  /** The same for machines that need the process they live in, or to know on which node. */
  default M create(int group, int node, SimulatedProcess process, StateStore store) {
    return create(group, store);
  }

  /**
   * What a node says along with each message that leaves it now: told the number of the node where
   * the message arrives, before the message. Says nothing by default.
   */
  default IntConsumer aside(int node) {
    return receiver -> {};
  }

  /**
   * Whether a row depends on the applied entries alone. Rows that are only written at checkpoints
   * do not: they may differ between replicas that have applied the same.
   */
  boolean isReplicated(Bytes key);
}
