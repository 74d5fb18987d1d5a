/**
 * The ports of Raft and of the replicated state on disk. Everything that knows Xodus is here.
 *
 * <ul>
 *   <li><b>node folder</b>: what one node owns on disk: its identity, its log, the states of its
 *       groups; locked against a second process;
 *   <li><b>log</b>: the Raft logs and hard states of all groups of a node, in one environment;
 *   <li><b>state</b>: the checkpointed key-value state of one group, one environment per
 *       generation;
 *   <li><b>block</b>: a file of an environment; <b>frame</b>: a checksummed piece of a block;
 *   <li><b>lane</b>: work of one group that runs off the event loop, in order.
 * </ul>
 *
 * <p>Threading: {@link dev.ostrakon.storage.NodeStorage} may be used from any thread. The ports
 * that it hands out belong to one owner each, as {@code dev.ostrakon.replica} says.
 *
 * <p>Failure: whatever makes the disk doubtful is a {@link dev.ostrakon.replica.StorageException},
 * once and for all: nothing is acknowledged after it.
 */
@NullMarked
package dev.ostrakon.storage;

import org.jspecify.annotations.NullMarked;
