/**
 * Carries Raft messages between nodes over gRPC streams.
 *
 * <ul>
 *   <li><b>peer</b>: another node of the cluster;
 *   <li><b>link</b>: the stream that this node opened to a peer, and the queue before it;
 *   <li><b>session</b>: a stream that a peer opened to this node;
 *   <li><b>hello, welcome, refusal</b>: how the two ends of a stream make sure of each other;
 *   <li><b>placement</b>: which node holds which replica of a group.
 * </ul>
 *
 * <p>Messages are sent at most once: where there is no room or no connection they are dropped and
 * counted, because Raft repeats what matters. Threading: a link and a session each live on one
 * event loop; what other loops hand over arrives there as a task. See docs/internals/wire.md.
 */
@NullMarked
package dev.ostrakon.node.peer;

import org.jspecify.annotations.NullMarked;
