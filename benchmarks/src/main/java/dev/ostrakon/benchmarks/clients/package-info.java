/** Clients in great numbers, and what they leave in the nodes. */
@NullMarked
package dev.ostrakon.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
