package dev.ostrakon.protocol;

import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Why something was not done, or is not known to be done.
 *
 * @param message what happened, what was expected and what was found; for people, never a key or a
 *     value
 * @param detail what a program needs to act on the code; {@link Detail#NONE} where there is nothing
 */
public record ServiceError(ErrorCode code, String message, Detail detail) {
  /** An error without typed details. */
  public ServiceError(ErrorCode code, String message) {
    this(code, message, Detail.NONE);
  }

  /** This node does not lead the group; the leader may be known. */
  public static ServiceError notLeader(String message, @Nullable Leader leader) {
    return new ServiceError(ErrorCode.NOT_LEADER, message, leader == null ? Detail.NONE : leader);
  }

  /** A key's slot is not served here; the number is that of the newest configuration known here. */
  public static ServiceError wrongGroup(String message, long configurationNumber) {
    return new ServiceError(
        ErrorCode.WRONG_GROUP, message, new NewestConfiguration(configurationNumber));
  }

  /** A limit was broken; says which, what it allows, and what was asked. */
  public static ServiceError limitExceeded(Limit limit) {
    return new ServiceError(
        ErrorCode.LIMIT_EXCEEDED,
        limit.name() + " allows " + limit.allowed() + ", was " + limit.actual(),
        limit);
  }

  /** Too much is waiting; come back after the given time. */
  public static ServiceError overloaded(String message, int retryAfterMillis) {
    return new ServiceError(ErrorCode.OVERLOADED, message, new RetryAfter(retryAfterMillis));
  }

  /**
   * A timestamp was too far ahead.
   *
   * @param node who says so
   */
  public static ServiceError clockSkew(NodeId node, Observation.Refused refused) {
    return new ServiceError(
        ErrorCode.CLOCK_SKEW,
        "the timestamp is "
            + refused.offsetMillis()
            + " ms ahead of the time of node "
            + node
            + ", "
            + refused.maxMillis()
            + " ms are allowed, so it is refused for "
            + (refused.offsetMillis() - refused.maxMillis())
            + " ms more: take the time from the cluster's answers, and compare the clocks of its"
            + " nodes (ostrakon status)",
        new Skew(refused.offsetMillis(), refused.maxMillis()));
  }

  /** What a program needs to act on a code. */
  public sealed interface Detail {
    /** There is nothing more to say. */
    Detail NONE = new None();
  }

  /** The case without details. */
  public record None() implements Detail {}

  /**
   * Whom to ask instead.
   *
   * @param address where it listens, {@code host:port}
   */
  public record Leader(NodeId node, String address) implements Detail {}

  /** The number of the newest configuration that the answering group knows. */
  public record NewestConfiguration(long number) implements Detail {}

  /**
   * What was broken.
   *
   * @param name as in the configuration of nodes, such as {@code keyBytesMax}
   */
  public record Limit(String name, long allowed, long actual) implements Detail {}

  /** When to come back, in milliseconds from now. */
  public record RetryAfter(int millis) implements Detail {}

  /** How far a timestamp was ahead, and how far it may be. */
  public record Skew(long offsetMillis, long maxMillis) implements Detail {}
}
