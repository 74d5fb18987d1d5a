/** The asynchronous client of an Ostrakon cluster. Safe to use from any thread. */
@NullMarked
package dev.ostrakon.client;

import org.jspecify.annotations.NullMarked;
