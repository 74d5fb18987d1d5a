/**
 * Files of histories, in the two forms that other checkers read too: JSON lines for operations on
 * single keys ({@code .jsonl}, {@code .json}), EDN for transactions on lists and for the bank
 * ({@code .edn}). {@code docs/testing.md} describes both.
 *
 * <p>Writers may be used by many threads at once; readers belong to one.
 */
@NullMarked
package dev.ostrakon.cli.history;

import org.jspecify.annotations.NullMarked;
