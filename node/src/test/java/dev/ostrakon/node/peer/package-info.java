/** Tests of what connects nodes, as far as it needs no network. */
@NullMarked
package dev.ostrakon.node.peer;

import org.jspecify.annotations.NullMarked;
