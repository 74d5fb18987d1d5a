package dev.ostrakon.benchmarks;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one timestamp costs, over the system's own clock, with one event loop and with two that
 * share the clock. {@code physicalClockAlone} is the floor: the reading of the system's clock.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HybridLogicalClockBenchmark {
  private final HybridLogicalClock clock =
      new HybridLogicalClock(System::currentTimeMillis, ClockConfig.DEFAULTS);

  /** A remote timestamp that is behind, as most are. */
  private final HybridTimestamp remote = clock.now();

  /** The floor. */
  @Benchmark
  public long physicalClockAlone() {
    return System.currentTimeMillis();
  }

  /** One loop draws timestamps. */
  @Benchmark
  public HybridTimestamp now() {
    return clock.now();
  }

  /** One loop merges timestamps of messages. */
  @Benchmark
  public Observation observe() {
    return clock.observe(remote);
  }

  /** Two loops draw timestamps from the same clock. */
  @Benchmark
  @Threads(2)
  public HybridTimestamp nowContended() {
    return clock.now();
  }

  /** Two loops merge timestamps into the same clock. */
  @Benchmark
  @Threads(2)
  public Observation observeContended() {
    return clock.observe(remote);
  }
}
