package dev.ostrakon.simulation.store;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.Invariant;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What replicas keep in memory is the same after the same entries; looked at now and then. */
final class MemoryChecker implements ClusterObserver {

  /** Only after such entries: to look at all of it after each would take most of the time. */
  private static final int EVERY = 8;

  private record Place(int group, long index) {}

  private final Findings findings;
  private final Map<Place, Long> hashes = new HashMap<>();

  MemoryChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    if (entry.index() % EVERY == 0) {
      check(member, entry.index());
    }
  }

  /** Compares a member that has just applied so far with the others. */
  void check(Member<?, ?> member, long index) {
    Optional<?> machine = member.life().map(Life::machine);
    if (machine.isPresent() && machine.get() instanceof StoreMachine store) {
      long hash = store.memoryHash();
      Long known = hashes.putIfAbsent(new Place(member.group(), index), hash);
      if (known != null && known != hash) {
        findings.report(
            Invariant.STATE_EQUALITY, member + " has other memory than others after " + index);
      }
    }
  }
}
