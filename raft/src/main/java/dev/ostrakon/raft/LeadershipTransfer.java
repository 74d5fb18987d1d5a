package dev.ostrakon.raft;

/**
 * A leader's attempt to hand over to another voter (Ongaro thesis 3.10): it takes no proposals,
 * waits until the target holds its whole log, and tells it to campaign at once. Gives up after an
 * election timeout.
 */
final class LeadershipTransfer {

  private final RaftConfig config;
  private ReplicaId target = ReplicaId.NONE;
  private long startTick;
  private boolean orderSent;

  LeadershipTransfer(RaftConfig config) {
    this.config = config;
  }

  /** To whom, or {@link ReplicaId#NONE} if no transfer is under way. */
  ReplicaId target() {
    return target;
  }

  boolean isUnderWay() {
    return !target.isNone();
  }

  void start(ReplicaId to, long tick) {
    if (!to.equals(target)) {
      target = to;
      startTick = tick;
      orderSent = false;
    }
  }

  /** Whether the target is to be told to campaign now. */
  boolean isOrderDue(long targetMatchIndex, long lastIndex) {
    return isUnderWay() && !orderSent && targetMatchIndex == lastIndex;
  }

  void onOrderSent() {
    orderSent = true;
  }

  /** The order may have been lost: it is repeated with every heartbeat. */
  void onHeartbeat() {
    orderSent = false;
  }

  boolean isExpired(long tick, RaftRules rules) {
    return isUnderWay() && rules.givesUpTransfer(tick - startTick, config);
  }

  void abort() {
    target = ReplicaId.NONE;
  }
}
