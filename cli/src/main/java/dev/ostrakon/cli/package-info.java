/** The commands of {@code bin/ostrakon}. */
@NullMarked
package dev.ostrakon.cli;

import org.jspecify.annotations.NullMarked;
