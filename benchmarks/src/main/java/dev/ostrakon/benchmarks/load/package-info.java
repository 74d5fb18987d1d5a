/**
 * The load generator of {@code ostrakon bench}: keeps a number of requests in flight on the client
 * that users have, and measures how long each takes.
 *
 * <ul>
 *   <li><b>workload</b>: what one request is;
 *   <li><b>slot</b>: one of the requests in flight; it sends the next when one is answered.
 * </ul>
 *
 * <p>The loop is closed: while the cluster stalls nothing new is sent, so a stall counts for the
 * requests in flight alone, and not for those that an open stream of users would have sent
 * meanwhile (coordinated omission). Compare figures of the same number in flight only.
 */
@NullMarked
package dev.ostrakon.benchmarks.load;

import org.jspecify.annotations.NullMarked;
