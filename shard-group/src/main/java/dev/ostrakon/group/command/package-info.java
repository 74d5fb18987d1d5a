/**
 * What a shard group's log holds, and its binary form.
 *
 * <ul>
 *   <li><b>command</b>: one of PROTOCOL.md's entries: execute, order, finalise, refuse, apply,
 *       forget, adopt;
 *   <li><b>batch</b>: the commands that one log entry carries, in order, with the leader's time;
 *   <li><b>settings</b>: the constants on which all replicas of a group must agree.
 * </ul>
 *
 * <p>Values are immutable; the codec has no state. The format is described in ADR 0010.
 */
@NullMarked
package dev.ostrakon.group.command;

import org.jspecify.annotations.NullMarked;
