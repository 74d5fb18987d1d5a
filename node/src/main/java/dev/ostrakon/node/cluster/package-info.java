/**
 * What a node knows of its cluster, and how work gets to the event loop that owns it.
 *
 * <ul>
 *   <li><b>map</b>: the newest configuration, who leads which group as far as is known, and where
 *       nodes listen;
 *   <li><b>local group</b>: a shard group with a replica on this node;
 *   <li><b>handover</b>: tasks that gather in a turn of one loop for another.
 * </ul>
 */
@NullMarked
package dev.ostrakon.node.cluster;

import org.jspecify.annotations.NullMarked;
