package dev.ostrakon.model;

/**
 * Why something was not done.
 *
 * @param detail what was wrong, what was allowed and what to do, for people; never a key or a value
 */
public record Refusal(Reason reason, String detail) {
  /** The reasons, as far as a caller would act differently. The codes never change. */
  public enum Reason {
    /** A key's slot is not served here (any more, or yet): ask for the newest configuration. */
    WRONG_GROUP(1),
    /**
     * The request was first sent longer ago than results are remembered; its outcome is unknown.
     */
    WINDOW_PASSED(2),
    /** A key, a value, or the whole is too large, or there are too many keys. */
    LIMIT_EXCEEDED(3),
    /** An add met a value that is no number. */
    NOT_A_NUMBER(4),
    /** An add would leave the range of signed 64-bit numbers. */
    NUMBER_OVERFLOW(5),
    /** The sender's clock is too far from the group's. */
    CLOCK_SKEW(6),
    /** The request makes no sense as it is. */
    INVALID(7),
    /** The transaction did not reach every participant: try again under the next attempt. */
    NOT_ORDERED(8),
    /** Too much is waiting: come back later. */
    OVERLOADED(9);

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
