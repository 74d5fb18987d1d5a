package dev.ostrakon.group.command;

import dev.ostrakon.model.Limits;

/**
 * The constants of a group that decide about results. They are replicated, because replicas that
 * disagreed on one of them would diverge.
 *
 * @param windowMillis how long after it was first sent the result of a request is remembered if
 *     nobody acknowledges it
 * @param horizonMillis how far behind the group's clock the timestamp of an order may be
 * @param pendingMax transactions and requests that may wait in the queues; beyond it new ones are
 *     refused
 */
public record GroupSettings(Limits limits, long windowMillis, long horizonMillis, int pendingMax) {
  /** The longest text of a number, so that an add never meets the limit of values. */
  private static final int NUMBER_BYTES_MAX = 20;

  /** 10 minutes, 1 minute, 100,000. */
  public static final GroupSettings DEFAULTS =
      new GroupSettings(Limits.DEFAULTS, 600_000, 60_000, 100_000);

  /** Requires positive constants and room for a number in a value. */
  public GroupSettings {
    if (windowMillis < 1 || horizonMillis < 1 || pendingMax < 1) {
      throw new IllegalArgumentException(
          "settings are positive, were windowMillis="
              + windowMillis
              + " horizonMillis="
              + horizonMillis
              + " pendingMax="
              + pendingMax);
    }
    if (limits.valueBytesMax() < NUMBER_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a value holds at least a number of "
              + NUMBER_BYTES_MAX
              + " bytes, was valueBytesMax="
              + limits.valueBytesMax());
    }
  }
}
