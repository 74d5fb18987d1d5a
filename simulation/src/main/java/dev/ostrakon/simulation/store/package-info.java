/**
 * Simulates the store: shard groups behind production's fronts, with clients that send requests
 * over a network, retry them under the same id, and write down what they were told.
 *
 * <p>Threading: confined to the thread of its simulation.
 */
@NullMarked
package dev.ostrakon.simulation.store;

import org.jspecify.annotations.NullMarked;
