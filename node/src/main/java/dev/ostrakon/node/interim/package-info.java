/** Stands in for the leader's front of a shard group until that is there. */
@NullMarked
package dev.ostrakon.node.interim;

import org.jspecify.annotations.NullMarked;
