package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.RequestId;
import java.util.List;

/** Which request is asked about; see {@link ShardFront#outcome}. */
record OutcomeAsk(RequestId request, List<Key> keys, HybridTimestamp issuedAt) {}
