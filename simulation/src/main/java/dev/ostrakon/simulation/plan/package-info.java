/** What a seed stands for: the shape of the cluster, the work, the faults. */
@NullMarked
package dev.ostrakon.simulation.plan;

import org.jspecify.annotations.NullMarked;
