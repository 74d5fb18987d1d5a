/** What came of a run. */
@NullMarked
package dev.ostrakon.simulation.report;

import org.jspecify.annotations.NullMarked;
