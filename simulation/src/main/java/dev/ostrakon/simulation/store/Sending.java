package dev.ostrakon.simulation.store;

/**
 * How clients and coordinators send.
 *
 * @param resendUnits how long a client waits for an answer before it sends again; coordinators wait
 *     for twice as long
 * @param knowsLeaders whether coordinators ask the replica beside them who leads, as nodes do; if
 *     not, they find out by trying, which must cost nothing but time
 */
record Sending(double resendUnits, boolean knowsLeaders) {

  /** As patient as an election is long, and knows nothing beforehand. */
  static final Sending STANDARD = new Sending(1, false);

  long resendNanos(long unitNanos) {
    return (long) (resendUnits * unitNanos);
  }
}
