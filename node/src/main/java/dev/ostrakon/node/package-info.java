/** One server process: Vert.x, gRPC servers, wiring and configuration; no protocol logic. */
@NullMarked
package dev.ostrakon.node;

import org.jspecify.annotations.NullMarked;
