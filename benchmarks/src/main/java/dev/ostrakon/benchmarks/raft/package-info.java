/**
 * How many log entries a second a cluster of three processes replicates, and what that costs.
 *
 * <p>{@code RaftThroughputBenchmark} starts three {@code BenchmarkNode} processes and commands them
 * over their standard input and output. The load is made inside the node that leads, so that only
 * replication is measured and no client protocol.
 */
@NullMarked
package dev.ostrakon.benchmarks.raft;

import org.jspecify.annotations.NullMarked;
