/** Tests of the little language. */
@NullMarked
package dev.ostrakon.cli.language;

import org.jspecify.annotations.NullMarked;
