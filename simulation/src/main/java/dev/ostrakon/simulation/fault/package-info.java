/**
 * What goes wrong, and when: drawn from the seed, a different mix for each.
 *
 * <ul>
 *   <li><b>disturbance</b>: one kind of fault;
 *   <li><b>trigger</b>: a moment in which a fault does the most harm, such as an election won;
 *   <li><b>unit</b>: the shortest election timeout, in which all durations are measured.
 * </ul>
 */
@NullMarked
package dev.ostrakon.simulation.fault;

import org.jspecify.annotations.NullMarked;
