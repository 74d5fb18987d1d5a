package dev.ostrakon.simulation.store;

/**
 * How clients and coordinators send.
 *
 * @param resendUnits how long a client waits for an answer before it sends again; a call of a
 *     coordinator has twice as long
 * @param graceMillis how much later a coordinator gives up a call that nobody has answered
 * @param knowsLeaders whether coordinators ask the replica beside them who leads, as nodes do; if
 *     not, they find out by trying, which must cost nothing but time
 * @param givesUp chance that a client is content with an answer which says that nothing happened;
 *     if positive, no message of a client arrives twice, as on a connection, so that such an answer
 *     is the last word
 * @param deadlineShare how much of the usual time nodes have for a call while there are faults
 */
record Sending(
    double resendUnits,
    long graceMillis,
    boolean knowsLeaders,
    double givesUp,
    double deadlineShare) {

  /** As patient as an election is long, and knows nothing beforehand. */
  static final Sending STANDARD = new Sending(1, 250, false, 0, 1);

  Sending {
    if (resendUnits <= 0 || graceMillis <= 0) {
      throw new IllegalArgumentException(
          "expected positive times, were " + resendUnits + " units and " + graceMillis + " ms");
    }
  }

  /** The same with clients that give up, and nodes that have less time for a call. */
  Sending givingUp(double chance, double share) {
    return new Sending(resendUnits, graceMillis, knowsLeaders, chance, share);
  }

  long resendNanos(long unitNanos) {
    return (long) (resendUnits * unitNanos);
  }
}
