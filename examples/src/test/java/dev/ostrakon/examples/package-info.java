/** The client against real clusters of nodes in one JVM. */
@NullMarked
package dev.ostrakon.examples;

import org.jspecify.annotations.NullMarked;
