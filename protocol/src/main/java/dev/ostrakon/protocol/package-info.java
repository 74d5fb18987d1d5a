/** The wire: generated stubs of the Protobuf files, and codecs to and from core types. */
@NullMarked
package dev.ostrakon.protocol;

import org.jspecify.annotations.NullMarked;
