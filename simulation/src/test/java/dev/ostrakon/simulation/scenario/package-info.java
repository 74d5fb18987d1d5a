/**
 * The classic scenarios of Raft test suites by their ids (R-A1 to R-D7), on virtual time.
 *
 * <p>Positions count user commands, never log indexes: a leader appends a no-op of its own.
 */
@NullMarked
package dev.ostrakon.simulation.scenario;

import org.jspecify.annotations.NullMarked;
