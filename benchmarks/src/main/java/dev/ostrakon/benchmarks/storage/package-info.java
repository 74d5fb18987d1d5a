/** What the storage of one node does on its own, without a network or a protocol. */
@NullMarked
package dev.ostrakon.benchmarks.storage;

import org.jspecify.annotations.NullMarked;
