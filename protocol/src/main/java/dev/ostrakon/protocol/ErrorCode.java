package dev.ostrakon.protocol;

import java.util.Optional;

/**
 * The codes of {@link ServiceError}, as far as a caller would act differently. See {@code
 * error.proto} for what each means.
 */
public enum ErrorCode {
  WRONG_GROUP(1, Effect.NONE),
  WINDOW_PASSED(2, Effect.UNKNOWN),
  LIMIT_EXCEEDED(3, Effect.NONE),
  NOT_A_NUMBER(4, Effect.NONE),
  NUMBER_OVERFLOW(5, Effect.NONE),
  CLOCK_SKEW(6, Effect.NONE),
  INVALID(7, Effect.NONE),
  NOT_ORDERED(8, Effect.NONE),
  OVERLOADED(9, Effect.NONE),
  NOT_LEADER(10, Effect.NONE),
  OUTCOME_UNKNOWN(11, Effect.UNKNOWN),
  DEADLINE_EXCEEDED(12, Effect.NONE),
  UNAVAILABLE(13, Effect.NONE),
  UNSUPPORTED(14, Effect.NONE),
  WRONG_CLUSTER(15, Effect.NONE),
  WIRE_FORMAT(16, Effect.NONE),
  GROUP_EXISTS(17, Effect.NONE),
  UNKNOWN_GROUP(18, Effect.NONE),
  UNKNOWN_SLOT(19, Effect.NONE),
  UNKNOWN_NODE(20, Effect.NONE),
  UNKNOWN_CONFIGURATION(21, Effect.NONE),
  INTERNAL(22, Effect.UNKNOWN),
  RESULTS_LOST(23, Effect.DONE);

  /** What an answer with a code says of the one sending that it answers. */
  public enum Effect {
    /** This sending had no effect. An earlier sending of the same request may have had one. */
    NONE,
    /** Nobody knows, or it is still to come. */
    UNKNOWN,
    /** The request took effect, once, by this sending or an earlier one. */
    DONE
  }

  private final int code;
  private final Effect effect;

  ErrorCode(int code, Effect effect) {
    this.code = code;
    this.effect = effect;
  }

  /** The stable number on the wire. */
  public int code() {
    return code;
  }

  /** What the answer says of the sending that it answers. */
  public Effect effect() {
    return effect;
  }

  /** The code with this number; empty if this version does not know it. */
  public static Optional<ErrorCode> fromCode(int code) {
    for (ErrorCode candidate : values()) {
      if (candidate.code == code) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
