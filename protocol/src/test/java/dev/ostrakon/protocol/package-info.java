@NullMarked
package dev.ostrakon.protocol;

import org.jspecify.annotations.NullMarked;
