/**
 * A small replicated state machine, clients that use it, and the check that they saw what a single
 * machine would have shown them.
 *
 * <ul>
 *   <li><b>register</b>: a key with a version, which counts the commands on it, and a list of
 *       command ids;
 *   <li><b>operation</b>: one command or read of one client, from its call to its end;
 *   <li><b>model</b>: what the committed log makes of all registers, computed anew and simply.
 * </ul>
 */
@NullMarked
package dev.ostrakon.simulation.workload;

import org.jspecify.annotations.NullMarked;
