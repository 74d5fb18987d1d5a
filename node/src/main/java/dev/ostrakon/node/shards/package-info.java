/**
 * The shard controller as a node serves it: its replica, the service of configurations, the
 * founding of a new cluster, and how a node hears of new configurations.
 *
 * <p>Threading: what touches the replica does so on its loop; everything else says what it needs.
 */
@NullMarked
package dev.ostrakon.node.shards;

import org.jspecify.annotations.NullMarked;
