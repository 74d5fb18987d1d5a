/** Load generators and JMH benchmarks. */
@NullMarked
package dev.ostrakon.benchmarks;

import org.jspecify.annotations.NullMarked;
