/**
 * Tests of the client, most of them against servers in the same process that do as they are told.
 */
@NullMarked
package dev.ostrakon.client;

import org.jspecify.annotations.NullMarked;
