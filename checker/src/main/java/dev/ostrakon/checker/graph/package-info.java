/**
 * Directed graphs with kinds of edges, large ones, and the search for cycles in them.
 *
 * <ul>
 *   <li><b>kind</b>: a small number that an edge carries; a set of kinds is a bit mask;
 *   <li><b>component</b>: nodes that all reach each other; a cycle lies within one.
 * </ul>
 */
@NullMarked
package dev.ostrakon.checker.graph;

import org.jspecify.annotations.NullMarked;
