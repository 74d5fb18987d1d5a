package dev.ostrakon.node.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MultiGroupCallsTest {
  /** Errors after which a client takes the outcome of all sendings of the attempt for known. */
  private static final Set<ErrorCode> OF_ALL_SENDINGS =
      EnumSet.of(
          ErrorCode.NOT_ORDERED,
          ErrorCode.NOT_A_NUMBER,
          ErrorCode.NUMBER_OVERFLOW,
          ErrorCode.RESULTS_LOST);

  /** Errors after which a client sends the same attempt again. */
  private static final Set<ErrorCode> OF_NO_ATTEMPT =
      EnumSet.of(
          ErrorCode.OVERLOADED,
          ErrorCode.NOT_LEADER,
          ErrorCode.DEADLINE_EXCEEDED,
          ErrorCode.UNAVAILABLE);

  private final ClusterMap map = new ClusterMap(new NodeId("n1"), new TreeMap<>());

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void what_was_displaced_is_told_as_an_error_of_this_sending_only(Refusal.Reason reason) {
    ServiceError error = MultiGroupCalls.displaced(new Refusal(reason, "why"), map);

    assertThat(error.code()).isNotIn(OF_ALL_SENDINGS).isNotIn(OF_NO_ATTEMPT);
    assertThat(error.message()).contains("why");
  }
}
