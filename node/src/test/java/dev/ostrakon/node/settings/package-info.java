/** Tests of options, settings and plans. */
@NullMarked
package dev.ostrakon.node.settings;

import org.jspecify.annotations.NullMarked;
