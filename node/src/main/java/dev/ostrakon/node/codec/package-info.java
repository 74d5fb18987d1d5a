/**
 * Translates between Raft's messages and their wire format, and nothing else: no state, no network.
 *
 * <ul>
 *   <li><b>frame</b>: what leaves a node for one peer in one turn, a {@code PeerFrame};
 *   <li><b>routed message</b>: a Raft message with its group, its sender and its receiver.
 * </ul>
 *
 * <p>Threading: encoders and decoders are stateless, or confined to their caller. The format itself
 * is described in docs/internals/wire.md.
 */
@NullMarked
package dev.ostrakon.node.codec;

import org.jspecify.annotations.NullMarked;
