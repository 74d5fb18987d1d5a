package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.RequestId;
import java.util.List;

/**
 * What became of a request? Asking settles it: a request that the group has never heard of is
 * refused there from then on.
 *
 * @param group the group asked
 * @param keys what the request touched, as far as known: they tell where to look; empty if unknown
 * @param issuedAt when it was first sent; {@link HybridTimestamp#ZERO} if unknown
 */
public record OutcomeQuestion(
    RequestId request, GroupId group, List<Key> keys, HybridTimestamp issuedAt) {
  /** Copies the list. */
  public OutcomeQuestion {
    keys = List.copyOf(keys);
  }
}
