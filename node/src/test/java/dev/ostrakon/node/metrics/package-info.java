/** Tests of figures and their text. */
@NullMarked
package dev.ostrakon.node.metrics;

import org.jspecify.annotations.NullMarked;
