package dev.ostrakon.node.kv;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.protocol.CallIds;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Gives ids to calls that bring none. Nobody can ask for such a call again, so each is settled once
 * it is answered, and later calls tell the groups to forget it. Confined to one event loop.
 */
public final class CallLedger implements CallIds {
  private final ClientId client;
  private final HybridLogicalClock clock;

  /** Sequences that are not settled, ascending. */
  private final Set<Long> unsettled = new LinkedHashSet<>();

  private long last;

  /**
   * An empty ledger.
   *
   * @param client under which the calls run; drawn anew at each start
   */
  public CallLedger(ClientId client, HybridLogicalClock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public RequestId next() {
    last++;
    unsettled.add(last);
    return new RequestId(client, last);
  }

  @Override
  public Acknowledgement acknowledgement() {
    return unsettled.isEmpty()
        ? Acknowledgement.upTo(last)
        : Acknowledgement.upTo(unsettled.iterator().next() - 1);
  }

  @Override
  public HybridTimestamp now() {
    return clock.now();
  }

  /** A call was answered; one that brought its own id is none of the ledger's business. */
  void settle(RequestId id) {
    if (id.client().equals(client)) {
      unsettled.remove(id.sequence());
    }
  }
}
