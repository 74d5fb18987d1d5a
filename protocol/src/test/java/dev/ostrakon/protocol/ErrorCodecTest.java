package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.protocol.v1.Error;
import dev.ostrakon.protocol.v1.LeaderHint;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorCodecTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void every_code_survives_the_round_trip(ErrorCode code) throws Exception {
    ServiceError error = new ServiceError(code, "what happened");

    assertThat(roundTrip(error)).isEqualTo(error);
  }

  @Property(tries = 500)
  void every_detail_survives_the_round_trip(@ForAll long seed) throws Exception {
    ServiceError error = new Samples(seed).error();

    assertThat(roundTrip(error)).isEqualTo(error);
  }

  @Test
  void the_codes_here_and_in_the_proto_file_are_the_same() {
    List<String> here = new ArrayList<>();
    for (ErrorCode code : ErrorCode.values()) {
      here.add("ERROR_CODE_" + code.name() + " = " + code.code());
    }
    List<String> wire = new ArrayList<>();
    for (dev.ostrakon.protocol.v1.ErrorCode code : dev.ostrakon.protocol.v1.ErrorCode.values()) {
      if (code != dev.ostrakon.protocol.v1.ErrorCode.UNRECOGNIZED && code.getNumber() != 0) {
        wire.add(code.name() + " = " + code.getNumber());
      }
    }

    assertThat(here).containsExactlyElementsOf(wire);
  }

  @ParameterizedTest
  @EnumSource(Refusal.Reason.class)
  void every_refusal_becomes_the_code_of_the_same_name_and_number(Refusal.Reason reason) {
    ServiceError error = ErrorCodec.fromRefusal(new Refusal(reason, "why"));

    assertThat(error.code().name()).isEqualTo(reason.name());
    assertThat(error.code().code()).isEqualTo(reason.code());
    assertThat(error.message()).isEqualTo("why");
  }

  @Test
  void a_code_of_a_newer_version_is_an_internal_error_that_names_it() throws Exception {
    Error wire = Error.newBuilder().setCodeValue(999).setMessage("the moon is full").build();

    ServiceError error = ErrorCodec.decode(wire);

    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(error.message()).contains("999").contains("the moon is full");
  }

  @Test
  void a_leader_hint_without_a_node_is_malformed() {
    Error wire =
        Error.newBuilder()
            .setCodeValue(ErrorCode.NOT_LEADER.code())
            .setLeader(LeaderHint.newBuilder().setAddress("localhost:1"))
            .build();

    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ErrorCodec.decode(wire))
        .withMessageContaining("leader hint");
  }

  @Test
  void a_negative_configuration_number_is_malformed() {
    Error.Builder wire = Error.newBuilder().setCodeValue(ErrorCode.WRONG_GROUP.code());
    wire.getConfigurationBuilder().setNumber(-1);

    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ErrorCodec.decode(wire.build()))
        .withMessageContaining("18446744073709551615");
  }

  @Test
  void the_factories_fill_in_what_a_caller_acts_on() {
    assertThat(ServiceError.wrongGroup("moved", 7).detail())
        .isEqualTo(new ServiceError.NewestConfiguration(7));
    assertThat(ServiceError.overloaded("full", 20).detail())
        .isEqualTo(new ServiceError.RetryAfter(20));
    assertThat(ServiceError.notLeader("no", null).detail()).isEqualTo(ServiceError.Detail.NONE);
    ServiceError.Leader leader = new ServiceError.Leader(new NodeId("n2"), "localhost:2");
    assertThat(ServiceError.notLeader("no", leader).detail()).isEqualTo(leader);
    assertThat(ServiceError.limitExceeded(new ServiceError.Limit("keyBytesMax", 10, 11)).message())
        .isEqualTo("keyBytesMax allows 10, was 11");
    assertThat(ServiceError.clockSkew(new NodeId("n1"), new Observation.Refused(900, 500)).detail())
        .isEqualTo(new ServiceError.Skew(900, 500));
  }

  private static ServiceError roundTrip(ServiceError error)
      throws InvalidProtocolBufferException, MalformedMessageException {
    return ErrorCodec.decode(Error.parseFrom(ErrorCodec.encode(error).toByteArray()));
  }
}
