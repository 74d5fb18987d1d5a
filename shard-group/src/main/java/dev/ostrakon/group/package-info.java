/**
 * A shard group: the replicated key-value state machine and the front that its leader offers.
 *
 * <ul>
 *   <li>{@link dev.ostrakon.group.ShardStateMachine}: applies PROTOCOL.md's entries, on every
 *       replica the same way;
 *   <li>{@link dev.ostrakon.group.ShardFront}: takes requests, reads, scans and the calls of
 *       coordinators at the leader, proposes what has to be logged and answers each once;
 *   <li><b>request</b>: a transaction that lies wholly inside the group;
 *   <li><b>fragment</b>: this group's part of a transaction over several groups;
 *   <li><b>record</b>: what the group remembers of one transaction: pending, refused or finished.
 * </ul>
 *
 * <p>Threading: everything is confined to the owner of the group's replica. Internals: {@code
 * docs/internals/shard-group.md}.
 */
@NullMarked
package dev.ostrakon.group;

import org.jspecify.annotations.NullMarked;
