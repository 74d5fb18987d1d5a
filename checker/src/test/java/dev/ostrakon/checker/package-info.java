/** Tests of the checkers: known histories, random ones, and a checker that tries everything. */
@NullMarked
package dev.ostrakon.checker;

import org.jspecify.annotations.NullMarked;
