/** Small programs that show how a cluster is used. */
@NullMarked
package dev.ostrakon.examples;

import org.jspecify.annotations.NullMarked;
