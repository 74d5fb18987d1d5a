/** The node's endpoint for operators: health, metrics and status over HTTP. Any thread. */
@NullMarked
package dev.ostrakon.node.admin;

import org.jspecify.annotations.NullMarked;
