package dev.ostrakon.simulation.fault;

import dev.ostrakon.raft.RandomSource;

/**
 * Leads a group into the situation of the Raft paper's figure 8: one leader falls with entries that
 * nobody else has, its successor too, the first comes back and spreads its old entries, and falls
 * again before it has spread one of its new term; then the second comes back.
 *
 * <p>Follows what happens: an unexpected leader ends it.
 */
final class FigureEight {

  private static final int NOBODY = -1;

  private enum Stage {
    IDLE,
    FIRST_FALLS,
    SECOND_RISES,
    SECOND_FALLS,
    FIRST_RETURNS
  }

  private final FaultActions actions;
  private final RandomSource random;
  private Stage stage = Stage.IDLE;
  private int first = NOBODY;
  private int second = NOBODY;
  private int round;

  FigureEight(FaultActions actions, RandomSource random) {
    this.actions = actions;
    this.random = random;
  }

  void begin(int leader) {
    if (stage != Stage.IDLE) {
      return;
    }
    round++;
    int begun = round;
    first = leader;
    stage = Stage.FIRST_FALLS;
    actions.isolate(first, 1);
    actions.later(
        0.5 + random.nextDouble() * 0.5,
        () -> {
          actions.crash(first, 16);
          stage = Stage.SECOND_RISES;
        });
    actions.later(
        15,
        () -> {
          if (begun == round) {
            end();
          }
        });
  }

  void onLeaderElected(int node) {
    if (stage == Stage.SECOND_RISES && node != first) {
      second = node;
      stage = Stage.SECOND_FALLS;
      actions.later(0, () -> actions.isolate(second, 1));
      actions.later(0.4 + random.nextDouble() * 0.6, this::secondFalls);
    } else if (stage == Stage.FIRST_RETURNS) {
      if (node == first) {
        actions.later(random.nextDouble() * 0.4, () -> actions.crash(first, 3));
      }
      actions.later(0.4, this::end);
    }
  }

  private void secondFalls() {
    if (stage == Stage.SECOND_FALLS) {
      actions.crash(second, 16);
      actions.restart(first);
      stage = Stage.FIRST_RETURNS;
    }
  }

  private void end() {
    if (stage != Stage.IDLE) {
      stage = Stage.IDLE;
      round++;
      if (second != NOBODY) {
        actions.restart(second);
      }
      // The first comes back by itself, and not too soon.
      second = NOBODY;
    }
  }
}
