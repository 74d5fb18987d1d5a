package dev.ostrakon.simulation.scenario;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What was applied anywhere: the log index and the position of every user command. */
final class Journal implements ClusterObserver {
  private record Place(long index, long position) {}

  private final Map<String, Place> places = new HashMap<>();
  private long lastPosition;

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    Place place = new Place(entry.index(), (Long) result);
    Place before = places.put(entry.payload().toUtf8(), place);
    if (before != null && !before.equals(place)) {
      throw new AssertionError(
          "command applied at " + before + " and at " + place + " by " + member);
    }
    lastPosition = Math.max(lastPosition, place.position());
  }

  /** The log index of a command, if anybody has applied it. */
  OptionalLong indexOf(String command) {
    Place place = places.get(command);
    return place == null ? OptionalLong.empty() : OptionalLong.of(place.index());
  }

  /** The position of a command that was applied, from 1. */
  long positionOf(String command) {
    Place place = places.get(command);
    if (place == null) {
      throw new AssertionError("command '" + command + "' was not applied");
    }
    return place.position();
  }

  /** How many commands are known to be committed. */
  long lastPosition() {
    return lastPosition;
  }
}
