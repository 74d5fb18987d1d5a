package dev.ostrakon.controller;

import dev.ostrakon.model.Slots;

/**
 * The bounds and policies of a controller group. They are agreed on through the log when the group
 * is founded, because replicas with different rules would come to different answers.
 *
 * @param slots how many slots there are
 * @param movement whether slots may move between groups that serve them
 * @param windowMillis how long an answer is remembered after its request was first sent, in
 *     milliseconds of the group's clock
 * @param finishedRequestsMax answers remembered at once; beyond it the oldest are forgotten before
 *     the window ends, and requests as old as those are refused from then on
 * @param groupsMax groups in one configuration
 * @param nodesPerGroupMax nodes of one group
 */
public record ControllerRules(
    Slots slots,
    MovementPolicy movement,
    long windowMillis,
    int finishedRequestsMax,
    int groupsMax,
    int nodesPerGroupMax) {
  /** 256 slots that stay where they are, 10 minutes, 10,000 answers, 4,096 groups of 15 nodes. */
  public static final ControllerRules DEFAULTS =
      new ControllerRules(
          new Slots(Slots.COUNT_DEFAULT),
          MovementPolicy.INITIAL_ONLY,
          600_000, // 10 min
          10_000,
          4096,
          15);

  /** Requires positive bounds. */
  public ControllerRules {
    requirePositive("windowMillis", windowMillis);
    requirePositive("finishedRequestsMax", finishedRequestsMax);
    requirePositive("groupsMax", groupsMax);
    requirePositive("nodesPerGroupMax", nodesPerGroupMax);
  }

  /** These rules with another number of slots. */
  public ControllerRules withSlots(Slots newSlots) {
    return new ControllerRules(
        newSlots, movement, windowMillis, finishedRequestsMax, groupsMax, nodesPerGroupMax);
  }

  /** These rules with another policy. */
  public ControllerRules withMovement(MovementPolicy newMovement) {
    return new ControllerRules(
        slots, newMovement, windowMillis, finishedRequestsMax, groupsMax, nodesPerGroupMax);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
  }
}
