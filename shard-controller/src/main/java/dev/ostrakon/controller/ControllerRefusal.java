package dev.ostrakon.controller;

/**
 * Why the controller did not do or did not answer something.
 *
 * @param detail what was wrong, what is allowed and what to do, for people
 */
public record ControllerRefusal(Reason reason, String detail) {
  /** The reasons. The codes are part of the formats of log, state and wire and never change. */
  public enum Reason {
    /** A group that joins is a member already. */
    GROUP_EXISTS(1),
    /** A group that is to leave or to receive a slot is no member. */
    UNKNOWN_GROUP(2),
    /** There is no slot with this number. */
    UNKNOWN_SLOT(3),
    /** A group that joins has no nodes. */
    NO_NODES(4),
    /** A group that joins names a node twice. */
    DUPLICATE_NODE(5),
    /** Group 0 is the controller itself, which owns no slots. */
    RESERVED_GROUP(6),
    /** There is no configuration with this number (yet). */
    UNKNOWN_CONFIGURATION(7),
    /** Slots would move away from a group that serves them, which the rules do not permit. */
    MOVEMENT_NOT_AVAILABLE(8),
    /** Too many groups, or too many nodes in one. */
    LIMIT_EXCEEDED(9),
    /** The answer is no longer remembered: the request may or may not have had its effect. */
    OUTCOME_FORGOTTEN(10),
    /** The group has no rules yet. */
    NOT_FOUNDED(11),
    /** The group was founded with other rules. */
    ALREADY_FOUNDED(12),
    /** The bytes are no entry. */
    MALFORMED(13),
    /** Too many queries wait for the disk: come back later. */
    OVERLOADED(14),
    /** The request's id was used before, with another command. */
    REQUEST_REUSED(15);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The stable code of the case. */
    public int code() {
      return code;
    }
  }
}
