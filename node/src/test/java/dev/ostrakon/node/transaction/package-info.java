@NullMarked
package dev.ostrakon.node.transaction;

import org.jspecify.annotations.NullMarked;
