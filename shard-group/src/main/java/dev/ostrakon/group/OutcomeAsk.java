package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.RequestId;
import java.util.List;

/** Which request is asked about; see {@link ShardFront#outcome}. */
record OutcomeAsk(RequestId request, List<Key> keys, HybridTimestamp issuedAt) {
  /** Whether it was said when the request was first sent. */
  boolean isTimeKnown() {
    return !issuedAt.equals(HybridTimestamp.ZERO);
  }
}
