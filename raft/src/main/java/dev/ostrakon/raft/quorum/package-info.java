/**
 * The arithmetic of majorities: pure functions over numbers, without a notion of replicas.
 *
 * <ul>
 *   <li><b>majority</b>: more than half of a set of voters;
 *   <li><b>joint</b>: a decision that needs a majority of each of two sets (Raft paper 6).
 * </ul>
 *
 * <p>Threading: stateless.
 */
@NullMarked
package dev.ostrakon.raft.quorum;

import org.jspecify.annotations.NullMarked;
