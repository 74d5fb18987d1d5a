package dev.ostrakon.simulation.cluster;

import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.SimulatedProcess;

/**
 * A state machine with something in front of it that uses the replica.
 *
 * @param <R> the result of a command
 */
public interface HostedMachine<R> extends StateMachine<R> {

  /** The replica was made with this machine. */
  void attach(Replica<R> replica, SimulatedProcess process);

  /** The replica has ticked. */
  void tick();
}
