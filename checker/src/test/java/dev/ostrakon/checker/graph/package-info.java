/** Tests of the graphs. */
@NullMarked
package dev.ostrakon.checker.graph;

import org.jspecify.annotations.NullMarked;
