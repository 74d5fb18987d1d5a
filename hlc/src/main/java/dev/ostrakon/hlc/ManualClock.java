package dev.ostrakon.hlc;

/**
 * A physical clock that moves only when it is told to: for tests and simulations.
 *
 * <p>Not thread-safe: it belongs to the one thread that moves it.
 */
public final class ManualClock implements PhysicalClock {
  private long wallMillis;

  /** A clock that shows the given time, in milliseconds since 1970, until it is moved. */
  public ManualClock(long wallMillis) {
    this.wallMillis = wallMillis;
  }

  @Override
  public long wallMillis() {
    return wallMillis;
  }

  /** Jumps to the given time, in milliseconds since 1970, forwards or backwards. */
  public void set(long wallMillis) {
    this.wallMillis = wallMillis;
  }

  /** Moves by the given milliseconds, backwards if they are negative. */
  public void advance(long millis) {
    wallMillis += millis;
  }
}
