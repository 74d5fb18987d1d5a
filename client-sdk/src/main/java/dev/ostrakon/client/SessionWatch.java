package dev.ostrakon.client;

/**
 * Looks regularly at a node that owes something, as {@link Liveness} tells. Confined to one event
 * loop.
 */
final class SessionWatch extends TimerWheel.Entry {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** How often a node that owes something is looked at. */
  private static final long WATCH_MILLIS = 25;

  /** Looks so far apart tell of a pause of this program. */
  private static final long PAUSE_NANOS_MAX = 150 * NANOS_PER_MILLI;

  /** After this part of the time to suspicion, a sign of life is asked for. */
  private static final int PROBE_PART = 4;

  private final ClientLoop loop;
  private final Watched watched;
  private final Liveness liveness;
  private boolean isSet;

  /** Whoever talks to the node. */
  interface Watched {
    /** Whether the node owes something. */
    boolean isOwed();

    /** Asks for a sign of life. */
    void askForSign(long nowNanos);

    /** The node is suspected from now on. */
    void onSuspicion();
  }

  SessionWatch(ClientLoop loop, Watched watched) {
    this.loop = loop;
    this.watched = watched;
    long suspectNanos = loop.config().connection().suspectMillis() * NANOS_PER_MILLI;
    long probeNanos = suspectNanos / PROBE_PART;
    this.liveness = new Liveness(probeNanos, suspectNanos - probeNanos, PAUSE_NANOS_MAX);
  }

  boolean isSuspect() {
    return liveness.isSuspect();
  }

  /** The node owes something from now on. */
  void owe(long nowNanos) {
    liveness.owe(nowNanos);
    if (!isSet) {
      isSet = true;
      loop.setAlarm(this, WATCH_MILLIS);
    }
  }

  /** The node may have given all that it owed. */
  void settle() {
    if (!watched.isOwed()) {
      liveness.settle();
    }
  }

  /** A sign of life; returns whether it ends a suspicion. */
  boolean hear(long nowNanos) {
    return liveness.hear(nowNanos);
  }

  void end() {
    loop.cancelAlarm(this);
  }

  @Override
  void run() {}

  @Override
  void onTime(long nowNanos) {
    isSet = false;
    if (!watched.isOwed()) {
      liveness.settle();
      return;
    }
    isSet = true;
    loop.setAlarm(this, WATCH_MILLIS);
    switch (liveness.check(nowNanos)) {
      case NOTHING -> {}
      case PROBE -> watched.askForSign(nowNanos);
      case SUSPECT -> watched.onSuspicion();
    }
  }
}
