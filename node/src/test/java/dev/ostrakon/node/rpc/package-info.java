@NullMarked
package dev.ostrakon.node.rpc;

import org.jspecify.annotations.NullMarked;
