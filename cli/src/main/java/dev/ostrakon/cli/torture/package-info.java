/**
 * Drives workloads against a cluster while things go wrong, and writes down what clients asked and
 * were told.
 *
 * <ul>
 *   <li><b>store</b>: what clients ask, and the three answers that there are;
 *   <li><b>workload</b>: what clients do; each client is a thread that does one thing at a time;
 *   <li><b>fault</b>: what goes wrong, drawn from the seed;
 *   <li><b>spawned cluster</b>: processes of nodes that the torture owns, and the links between
 *       them.
 * </ul>
 */
@NullMarked
package dev.ostrakon.cli.torture;

import org.jspecify.annotations.NullMarked;
