package dev.ostrakon.simulation.cluster;

import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.SimulatedLogStorage;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.simulation.engine.SimulatedStateStore;

/**
 * What a member is between a start and a crash.
 *
 * @param <R> the result of a command
 * @param <M> the state machine
 */
public record Life<R, M extends StateMachine<R>>(
    SimulatedProcess process,
    SimulatedLogStorage log,
    SimulatedStateStore state,
    M machine,
    Replica<R> replica) {}
