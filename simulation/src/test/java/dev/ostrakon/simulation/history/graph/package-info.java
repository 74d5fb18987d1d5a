/** Tests of the graphs. */
@NullMarked
package dev.ostrakon.simulation.history.graph;

import org.jspecify.annotations.NullMarked;
