package dev.ostrakon.simulation.check;

import dev.ostrakon.simulation.engine.Simulator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first invariant that did not hold; what follows from it is of no interest. */
public final class Findings {

  /**
   * An invariant that did not hold.
   *
   * @param atNanos virtual time
   */
  public record Finding(Invariant invariant, String detail, long atNanos) {
    @Override
    public String toString() {
      return invariant + " at " + atNanos / 1_000_000 + " ms: " + detail;
    }
  }

  private final Simulator simulator;
  private @Nullable Finding first;

  public Findings(Simulator simulator) {
    this.simulator = simulator;
  }

  public void report(Invariant invariant, String detail) {
    if (first == null) {
      first = new Finding(invariant, detail, simulator.nowNanos());
      simulator.trace().line("FOUND " + first);
    }
  }

  public boolean isEmpty() {
    return first == null;
  }

  public Optional<Finding> first() {
    return Optional.ofNullable(first);
  }
}
