/** How a node's connections are encrypted, and what it shows and trusts. Immutable values. */
@NullMarked
package dev.ostrakon.node.tls;

import org.jspecify.annotations.NullMarked;
