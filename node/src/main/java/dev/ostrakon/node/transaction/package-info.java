/**
 * Transactions over several groups, as one event loop of a node coordinates them. Confined to that
 * loop.
 */
@NullMarked
package dev.ostrakon.node.transaction;

import org.jspecify.annotations.NullMarked;
