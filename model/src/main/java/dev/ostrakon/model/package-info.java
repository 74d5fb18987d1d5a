/**
 * The nouns that modules, wire and users share: keys and slots, operations and conditions, requests
 * and their outcomes, configurations. Immutable values without behaviour of their own.
 *
 * <ul>
 *   <li><b>slot</b>: one of a fixed number of hash buckets of keys;
 *   <li><b>group</b>: a Raft group that owns slots;
 *   <li><b>configuration</b>: a numbered assignment of slots to groups and of groups to nodes;
 *   <li><b>transaction</b>: conditions, and what to do if they all hold and if not;
 *   <li><b>fragment</b>: the part of a transaction that one group owns;
 *   <li><b>request</b>: a transaction under a client's id, the same over all retries.
 * </ul>
 */
@NullMarked
package dev.ostrakon.model;

import org.jspecify.annotations.NullMarked;
