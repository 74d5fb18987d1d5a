/**
 * Raft's invariants, checked on what passes the ports and lies on the disks, by code that shares
 * nothing with the code that it checks.
 *
 * <ul>
 *   <li><b>finding</b>: an invariant that did not hold, and how;
 *   <li><b>history</b>: of one group, everything that was ever committed in it, as the checkers saw
 *       it;
 *   <li><b>holder</b>: a member whose disk holds a committed entry, in its log or its checkpoint.
 * </ul>
 *
 * <p>All checks are incremental: each costs about as much as the step that it follows.
 */
@NullMarked
package dev.ostrakon.simulation.check;

import org.jspecify.annotations.NullMarked;
