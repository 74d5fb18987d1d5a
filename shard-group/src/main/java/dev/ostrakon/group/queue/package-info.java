/**
 * The queues of a shard group: which transaction may go when.
 *
 * <ul>
 *   <li><b>access</b>: how a transaction touches a key: it reads it, adds to it, or writes it;
 *   <li><b>conflict</b>: two accesses of one key, unless both read or both add;
 *   <li><b>place</b>: a timestamp, and the transaction's id to break ties;
 *   <li><b>ready</b>: nothing that conflicts is pending at a lower place;
 *   <li><b>conflict timestamp</b>: the highest timestamp of what conflicts with an access.
 * </ul>
 *
 * <p>Pure and deterministic; confined to its owner. PROTOCOL.md is the source of every rule.
 */
@NullMarked
package dev.ostrakon.group.queue;

import org.jspecify.annotations.NullMarked;
