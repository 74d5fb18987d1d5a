/** The bank on a cluster of real nodes in this process, and what is done to the cluster. */
@NullMarked
package dev.ostrakon.cli.demo;

import org.jspecify.annotations.NullMarked;
