package dev.ostrakon.protocol;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.protocol.v1.ClockSkew;
import dev.ostrakon.protocol.v1.Error;
import dev.ostrakon.protocol.v1.LeaderHint;
import dev.ostrakon.protocol.v1.LimitDetail;

/** The one place where errors become data and data become errors. */
public final class ErrorCodec {
  private ErrorCodec() {}

  /** The wire form of an error. */
  public static Error encode(ServiceError error) {
    Error.Builder wire =
        Error.newBuilder().setCodeValue(error.code().code()).setMessage(error.message());
    ServiceError.Detail detail = error.detail();
    if (detail instanceof ServiceError.Leader leader) {
      wire.setLeader(
          LeaderHint.newBuilder().setNodeId(leader.node().name()).setAddress(leader.address()));
    } else if (detail instanceof ServiceError.NewestConfiguration newest) {
      wire.getConfigurationBuilder().setNumber(newest.number());
    } else if (detail instanceof ServiceError.Limit limit) {
      wire.setLimit(
          LimitDetail.newBuilder()
              .setName(limit.name())
              .setAllowed(limit.allowed())
              .setActual(limit.actual()));
    } else if (detail instanceof ServiceError.RetryAfter retryAfter) {
      wire.getRetryAfterBuilder().setMillis(retryAfter.millis());
    } else if (detail instanceof ServiceError.Skew skew) {
      wire.setClockSkew(
          ClockSkew.newBuilder()
              .setOffsetMillis(skew.offsetMillis())
              .setMaxMillis(skew.maxMillis()));
    }
    return wire.build();
  }

  /** The error of a wire form; a code that this version does not know becomes {@code INTERNAL}. */
  public static ServiceError decode(Error wire) throws MalformedMessageException {
    ServiceError.Detail detail = decodeDetail(wire);
    return ErrorCode.fromCode(wire.getCodeValue())
        .map(code -> new ServiceError(code, wire.getMessage(), detail))
        .orElseGet(() -> ofUnknownCode(wire, detail));
  }

  private static ServiceError ofUnknownCode(Error wire, ServiceError.Detail detail) {
    return new ServiceError(
        ErrorCode.INTERNAL,
        "error " + wire.getCodeValue() + " of a newer version: " + wire.getMessage(),
        detail);
  }

  private static ServiceError.Detail decodeDetail(Error wire) throws MalformedMessageException {
    return switch (wire.getDetailCase()) {
      case LEADER ->
          new ServiceError.Leader(decodeNode(wire.getLeader()), wire.getLeader().getAddress());
      case CONFIGURATION ->
          new ServiceError.NewestConfiguration(
              Numbers.notNegative("configuration", wire.getConfiguration().getNumber()));
      case LIMIT ->
          new ServiceError.Limit(
              wire.getLimit().getName(),
              Numbers.notNegative("allowed", wire.getLimit().getAllowed()),
              Numbers.notNegative("actual", wire.getLimit().getActual()));
      case RETRY_AFTER ->
          new ServiceError.RetryAfter(
              Numbers.notNegative("retry_after.millis", wire.getRetryAfter().getMillis()));
      case CLOCK_SKEW ->
          new ServiceError.Skew(
              wire.getClockSkew().getOffsetMillis(),
              Numbers.notNegative("max_millis", wire.getClockSkew().getMaxMillis()));
      case DETAIL_NOT_SET -> ServiceError.Detail.NONE;
    };
  }

  private static NodeId decodeNode(LeaderHint wire) throws MalformedMessageException {
    try {
      return new NodeId(wire.getNodeId());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("leader hint", e);
    }
  }

  /** The error that says the same as a refusal of the model. */
  public static ServiceError fromRefusal(Refusal refusal) {
    return new ServiceError(
        switch (refusal.reason()) {
          case WRONG_GROUP -> ErrorCode.WRONG_GROUP;
          case WINDOW_PASSED -> ErrorCode.WINDOW_PASSED;
          case LIMIT_EXCEEDED -> ErrorCode.LIMIT_EXCEEDED;
          case NOT_A_NUMBER -> ErrorCode.NOT_A_NUMBER;
          case NUMBER_OVERFLOW -> ErrorCode.NUMBER_OVERFLOW;
          case CLOCK_SKEW -> ErrorCode.CLOCK_SKEW;
          case INVALID -> ErrorCode.INVALID;
          case NOT_ORDERED -> ErrorCode.NOT_ORDERED;
          case OVERLOADED -> ErrorCode.OVERLOADED;
        },
        refusal.detail());
  }
}
