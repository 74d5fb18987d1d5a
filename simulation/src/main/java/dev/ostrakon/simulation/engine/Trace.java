package dev.ostrakon.simulation.engine;

import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint of a run, and on request its transcript.
 *
 * <p>Everything that happens is mixed into the hash as numbers; text is made only if somebody reads
 * it. Two runs with the same hash took the same course.
 */
public final class Trace {

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final @Nullable Consumer<String> reader;
  private @Nullable Simulator simulator;
  private long hash = MULTIPLIER;

  private Trace(@Nullable Consumer<String> reader) {
    this.reader = reader;
  }

  /** A fingerprint only. */
  public static Trace silent() {
    return new Trace(null);
  }

  /** A fingerprint and a line of text for each thing that happens. */
  public static Trace to(Consumer<String> reader) {
    return new Trace(reader);
  }

  void bind(Simulator time) {
    this.simulator = time;
  }

  /** Whether lines are read: callers need not make text otherwise. */
  public boolean isRead() {
    return reader != null;
  }

  /** Adds a number to the fingerprint. */
  public void mix(long value) {
    long mixed = (hash ^ value) * MULTIPLIER;
    hash = mixed ^ (mixed >>> 29);
  }

  /** Adds a line to the transcript, after the virtual time in milliseconds. */
  public void line(String text) {
    if (reader != null) {
      long now = simulator == null ? 0 : simulator.nowNanos();
      reader.accept(
          String.format(Locale.ROOT, "%7d.%06d %s", now / 1_000_000, now % 1_000_000, text));
    }
  }

  public long hash() {
    return hash;
  }
}
