/** A whole cluster in one thread, driven by one seed. */
@NullMarked
package dev.ostrakon.simulation;

import org.jspecify.annotations.NullMarked;
