package dev.ostrakon.client;

import dev.ostrakon.model.RequestId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests of unknown outcome, kept unsettled so that the cluster remembers them until somebody
 * asks or the time for that has passed. Bounded; the oldest are given up first, and are then
 * reported as forgotten. Confined to one event loop.
 */
final class Unresolved {
  static final int COUNT_MAX = 1_024;
  private static final long KEEP_NANOS = 60_000_000_000L; // 1 min

  private final Sequences sequences;
  private final Map<RequestId, Kept> kept = new LinkedHashMap<>();

  private record Kept(LostRequest request, long sinceNanos) {}

  Unresolved(Sequences sequences) {
    this.sequences = sequences;
  }

  void add(LostRequest request, long nowNanos) {
    kept.put(request.id(), new Kept(request, nowNanos));
    while (kept.size() > COUNT_MAX || isOldestOverdue(nowNanos)) {
      resolve(kept.keySet().iterator().next());
    }
  }

  /** Gives up those that were kept long enough. */
  void sweep(long nowNanos) {
    while (isOldestOverdue(nowNanos)) {
      resolve(kept.keySet().iterator().next());
    }
  }

  Optional<LostRequest> find(RequestId id) {
    return Optional.ofNullable(kept.get(id)).map(Kept::request);
  }

  /** Nobody will ask for it again. */
  void resolve(RequestId id) {
    if (kept.remove(id) != null) {
      sequences.settle(id.sequence());
    }
  }

  int size() {
    return kept.size();
  }

  private boolean isOldestOverdue(long nowNanos) {
    return !kept.isEmpty() && nowNanos - kept.values().iterator().next().sinceNanos() > KEEP_NANOS;
  }
}
