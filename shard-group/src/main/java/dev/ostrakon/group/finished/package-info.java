/**
 * The memory of finished requests: what makes a request happen at most once and lets a client ask
 * for an answer that it never got.
 *
 * <ul>
 *   <li><b>remembered</b>: the result is known, and every retry gets it;
 *   <li><b>settled</b>: the client has acknowledged it; the result is gone, the request still can
 *       not happen again;
 *   <li><b>window</b>: how long after its first sending a request is remembered if nobody
 *       acknowledges it; older requests are refused, so nothing has to be remembered of them.
 * </ul>
 *
 * <p>All of it is in memory, compact, and written to the state store by the next checkpoint.
 * Confined to the owner of the group's replica.
 */
@NullMarked
package dev.ostrakon.group.finished;

import org.jspecify.annotations.NullMarked;
