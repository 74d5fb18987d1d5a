/** Tests of the checkers: known histories, random ones, and a checker that tries everything. */
@NullMarked
package dev.ostrakon.simulation.history;

import org.jspecify.annotations.NullMarked;
