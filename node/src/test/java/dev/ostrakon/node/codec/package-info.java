/** Tests of the wire format's codec: round trips of every kind, and hostile input. */
@NullMarked
package dev.ostrakon.node.codec;

import org.jspecify.annotations.NullMarked;
