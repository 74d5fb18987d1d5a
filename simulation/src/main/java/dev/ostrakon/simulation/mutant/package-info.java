/**
 * Deliberately broken variants of the rules and the ports, each to be caught by a checker: they
 * prove that the checkers would notice.
 *
 * <p>Never used by a node; only the simulator can switch them on.
 */
@NullMarked
package dev.ostrakon.simulation.mutant;

import org.jspecify.annotations.NullMarked;
