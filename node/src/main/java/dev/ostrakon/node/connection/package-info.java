/**
 * Who may connect to a node and stay connected: bounds on connections, a deadline for handshakes,
 * and signs of life. Works below HTTP, so that a connection that never says anything is seen as
 * well.
 */
@NullMarked
package dev.ostrakon.node.connection;

import org.jspecify.annotations.NullMarked;
