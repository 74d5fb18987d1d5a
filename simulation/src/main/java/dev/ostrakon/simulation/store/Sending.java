package dev.ostrakon.simulation.store;

/**
 * How clients and coordinators send.
 *
 * @param resendUnits how long a client waits for an answer before it sends again; a call of a
 *     coordinator has twice as long
 * @param graceMillis how much later a coordinator gives up a call that nobody has answered
 * @param knowsLeaders whether coordinators ask the replica beside them who leads, as nodes do; if
 *     not, they find out by trying, which must cost nothing but time
 */
record Sending(double resendUnits, long graceMillis, boolean knowsLeaders) {

  /** As patient as an election is long, and knows nothing beforehand. */
  static final Sending STANDARD = new Sending(1, 250, false);

  Sending {
    if (resendUnits <= 0 || graceMillis <= 0) {
      throw new IllegalArgumentException(
          "expected positive times, were " + resendUnits + " units and " + graceMillis + " ms");
    }
  }

  long resendNanos(long unitNanos) {
    return (long) (resendUnits * unitNanos);
  }
}
