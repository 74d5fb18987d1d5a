/**
 * The service of keys and transactions, as one event loop offers it.
 *
 * <ul>
 *   <li><b>call</b>: one request, whichever way it came; goes to the group that owns its keys, or
 *       to the coordinators if there are several;
 *   <li><b>session</b>: a client's stream with many calls in flight;
 *   <li><b>admission</b>: the bound on calls that are not answered yet.
 * </ul>
 *
 * <p>Threading: each object belongs to one event loop, except what says otherwise.
 */
@NullMarked
package dev.ostrakon.node.kv;

import org.jspecify.annotations.NullMarked;
