package dev.ostrakon.node;

import java.util.ArrayDeque;

/**
 * How many recoveries may begin before others have ended. Grows by one with each that finds its
 * outcome, so it doubles while all do, and shrinks by an eighth with each that does not: then
 * somebody is too busy or away. So recovery goes as fast as the groups carry it, whatever the
 * backlog is.
 *
 * <p>A recovery that takes long gives its place up and goes on: what waits for a group that is away
 * must not keep others out. How many there are in all is bounded by the coordinators.
 */
final class RecoveryWindow {
  static final int SIZE_MIN = 100;
  static final int SIZE_MAX = 4_096;

  /** So long a recovery keeps its place. */
  static final long PLACE_NANOS = 250_000_000; // 250 ms

  /** One recovery. */
  static final class Place {
    private final long sinceNanos;
    private boolean isGivenUp;

    private Place(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  /** Oldest first; those that have ended leave when they are the oldest. */
  private final ArrayDeque<Place> places = new ArrayDeque<>();

  private int size = SIZE_MIN;
  private int taken;

  /** How many more may begin now. */
  int room(long nowNanos) {
    while (!places.isEmpty()
        && (places.getFirst().isGivenUp
            || nowNanos - places.getFirst().sinceNanos >= PLACE_NANOS)) {
      giveUp(places.removeFirst());
    }
    return Math.max(0, size - taken);
  }

  int size() {
    return size;
  }

  Place begin(long nowNanos) {
    Place place = new Place(nowNanos);
    places.addLast(place);
    taken++;
    return place;
  }

  /** Its outcome was found. */
  void onFound(Place place) {
    giveUp(place);
    size = Math.min(SIZE_MAX, size + 1);
  }

  /** Its time was over. */
  void onUnknown(Place place) {
    giveUp(place);
    size = Math.max(SIZE_MIN, size - size / 8);
  }

  private void giveUp(Place place) {
    if (!place.isGivenUp) {
      place.isGivenUp = true;
      taken--;
    }
  }
}
