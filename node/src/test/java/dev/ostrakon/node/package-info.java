/** Tests of a node's wiring, on real event loops and real loopback connections. */
@NullMarked
package dev.ostrakon.node;

import org.jspecify.annotations.NullMarked;
