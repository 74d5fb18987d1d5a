/** The storage ports on Xodus; no other module knows Xodus. */
@NullMarked
package dev.ostrakon.storage;

import org.jspecify.annotations.NullMarked;
