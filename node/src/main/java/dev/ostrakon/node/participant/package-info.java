/**
 * How coordinators and participants of different nodes talk: one stream from each node to each
 * other one, on which calls go one way and their answers the other.
 *
 * <ul>
 *   <li><b>link</b>: the caller's end of a stream, opened again whenever it breaks;
 *   <li><b>session</b>: the end that answers.
 * </ul>
 *
 * <p>Threading: each object belongs to one event loop, except what says otherwise.
 */
@NullMarked
package dev.ostrakon.node.participant;

import org.jspecify.annotations.NullMarked;
