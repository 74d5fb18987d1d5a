/**
 * The shard controller: the replicated, numbered configurations that say which group owns which
 * slot and which nodes form which group.
 *
 * <ul>
 *   <li><b>command</b>: what an operator asks for (join, leave, move, rebalance);
 *   <li><b>request</b>: a command under a client's id, the same over all its retries;
 *   <li><b>entry</b>: a request with the timestamp of the leader that logged it;
 *   <li><b>answer</b>: a new configuration's number, the unchanged one's, or a refusal;
 *   <li><b>assignment</b>: the newest configuration and which of its slots were placed by hand;
 *   <li><b>rules</b>: the bounds and policies that the group was founded with.
 * </ul>
 *
 * <p>Threading: everything here is confined to the owner of the replica that it belongs to. Nothing
 * reads a clock, draws a random number or touches a file: the same entries give the same state and
 * the same answers on every replica.
 *
 * <p>Source: PROTOCOL.md, sections "Moving slots" and "Exactly once".
 */
@NullMarked
package dev.ostrakon.controller;

import org.jspecify.annotations.NullMarked;
