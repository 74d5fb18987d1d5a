/**
 * How much of the heap the things that a group keeps take, on a 64-bit JVM with compressed pointers
 * and without compact headers: objects have a header of 12 bytes, arrays of 16, and all are a
 * multiple of 8. With larger pointers it is up to one half more.
 *
 * <p>Pure functions; {@code MemoryBoundTest} compares them with what is there.
 */
@NullMarked
package dev.ostrakon.group.heap;

import org.jspecify.annotations.NullMarked;
