/**
 * What an operator tells a node: the options, where they may stand, and what they must keep to.
 *
 * <ul>
 *   <li><b>option</b>: one named setting, the same on the command line, in YAML and environment;
 *   <li><b>settings</b>: all of them, typed and checked;
 *   <li><b>plan</b>: the part that all nodes of a cluster agree on at its first start.
 * </ul>
 *
 * <p>Immutable values; any thread.
 */
@NullMarked
package dev.ostrakon.node.settings;

import org.jspecify.annotations.NullMarked;
