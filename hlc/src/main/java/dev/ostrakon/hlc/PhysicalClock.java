package dev.ostrakon.hlc;

/**
 * The port to what a machine takes for wall time.
 *
 * <p>Nothing is assumed of it: successive readings may go backwards, stand still, or jump by hours.
 * An implementation may be called from several threads if the hybrid clock over it is.
 */
@FunctionalInterface
public interface PhysicalClock {
  /** The reading of a clock that does not know the time yet. */
  long UNKNOWN = -1;

  /**
   * Milliseconds since 1970-01-01T00:00:00Z, as far as this machine knows; {@link #UNKNOWN} if it
   * does not.
   */
  long wallMillis();

  /**
   * Tells the clock which time is replicated already, so that it may go on from there if it is far
   * behind. By default nothing follows.
   */
  default void reached(long replicatedMillis) {}
}
