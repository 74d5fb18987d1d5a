package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.RequestId;
import java.util.List;

/**
 * All that it takes to find out later, from any process, what became of a request. A value to be
 * logged or stored.
 *
 * @param issuedAt when it was first sent; results are remembered for a window after it (10 minutes
 *     unless the cluster is configured otherwise)
 * @param keys every key that it names, ascending: they tell where to look
 */
public record LostRequest(RequestId id, HybridTimestamp issuedAt, List<Key> keys) {
  /** Copies the list. */
  public LostRequest {
    keys = List.copyOf(keys);
  }
}
