/** A hybrid logical clock: 64-bit timestamps that respect cause and stay close to wall time. */
@NullMarked
package dev.ostrakon.hlc;

import org.jspecify.annotations.NullMarked;
