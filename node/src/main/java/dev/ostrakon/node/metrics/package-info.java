/**
 * What a node counts, and how it tells it. Written on event loops, read by anybody.
 *
 * <ul>
 *   <li><b>histogram</b>: how long something took, in buckets that double;
 *   <li><b>text</b>: the exposition format of Prometheus.
 * </ul>
 */
@NullMarked
package dev.ostrakon.node.metrics;

import org.jspecify.annotations.NullMarked;
