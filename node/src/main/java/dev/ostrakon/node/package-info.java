/**
 * One server process: Vert.x, gRPC servers, wiring and configuration; no protocol logic.
 *
 * <ul>
 *   <li><b>loop</b>: one Vert.x event loop with its tick timer and its share of the server;
 *   <li><b>host</b>: the replicas of a node, each pinned to a loop, their storage and their
 *       network.
 * </ul>
 *
 * <p>Threading: a replica is touched on its own loop only; what may block runs on worker threads.
 */
@NullMarked
package dev.ostrakon.node;

import org.jspecify.annotations.NullMarked;
