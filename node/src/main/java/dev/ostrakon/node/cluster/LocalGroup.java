package dev.ostrakon.node.cluster;

import dev.ostrakon.group.ShardFront;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.replica.Scheduler;

/**
 * A shard group with a replica on this node.
 *
 * @param owner the event loop of the replica
 * @param front touched on the owner only
 */
public record LocalGroup(GroupId group, Scheduler owner, ShardFront front) {}
