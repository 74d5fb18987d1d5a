/**
 * The little language of {@code ostrakon txn}: conditions and operations as text.
 *
 * <p>A text is words separated by spaces. A word that holds spaces, that is empty, or that begins
 * with a quote is quoted: between single quotes everything stands for itself; between double quotes
 * {@code \" \\ \n \r \t} and <code>&#92;uHHHH</code> stand for what they do in JSON. Operators are
 * words of their own. Values and functions without state; any thread.
 */
@NullMarked
package dev.ostrakon.cli.language;

import org.jspecify.annotations.NullMarked;
