@NullMarked
package dev.ostrakon.node.connection;

import org.jspecify.annotations.NullMarked;
