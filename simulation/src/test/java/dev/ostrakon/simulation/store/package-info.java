/** Tests of the simulated store. */
@NullMarked
package dev.ostrakon.simulation.store;

import org.jspecify.annotations.NullMarked;
