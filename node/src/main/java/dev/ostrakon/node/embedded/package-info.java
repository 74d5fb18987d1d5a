/**
 * A whole cluster in one JVM: real nodes with loopback connections and folders of their own, for
 * demonstrations, examples and tests. Stands on top of its parent package.
 */
@NullMarked
package dev.ostrakon.node.embedded;

import org.jspecify.annotations.NullMarked;
