package dev.ostrakon.controller;

import dev.ostrakon.raft.RandomSource;

/** Kills leaders all along: each after a while of leading, and not before the last one is back. */
final class LeaderKiller {
  private static final int FIRST_KILL_TICKS = 4;

  /** A leader lives for less than this; a command takes some six ticks. */
  private static final int PAUSE_TICKS = 30;

  private static final int DOWN_TICKS = 80;

  private final ControllerGroup group;
  private final RandomSource random;
  private long pauseTicks;
  private long downTicks;
  private int killCount;

  LeaderKiller(ControllerGroup group) {
    this.group = group;
    this.random = group.random().fork("kills");
    this.pauseTicks = random.nextLong(1, FIRST_KILL_TICKS);
  }

  int killCount() {
    return killCount;
  }

  void tick() {
    if (downTicks > 0) {
      downTicks--;
      if (downTicks == 0) {
        group.restartAllKilled();
        pauseTicks = random.nextLong(1, PAUSE_TICKS);
      }
    } else if (group.leader().isEmpty()) {
      return;
    } else if (pauseTicks > 0) {
      pauseTicks--;
    } else {
      group.kill(group.leader().orElseThrow());
      killCount++;
      downTicks = random.nextLong(1, DOWN_TICKS);
    }
  }
}
