package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.protocol.v1.AnswerOfParticipant;
import dev.ostrakon.protocol.v1.CallToParticipant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParticipantCodecTest {
  private static final int SEEDS = 200;

  @ParameterizedTest
  @EnumSource(ParticipantCall.Kind.class)
  void every_call_survives_the_round_trip(ParticipantCall.Kind kind) throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      ParticipantCall call = call(kind, new Samples(seed));
      byte[] wire = ParticipantCallCodec.encode(call).build().toByteArray();
      assertThat(ParticipantCallCodec.decode(CallToParticipant.parseFrom(wire)))
          .as("seed %d", seed)
          .isEqualTo(call);
    }
  }

  @Test
  void every_answer_survives_the_round_trip() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (ParticipantAnswer answer : answers(new Samples(seed))) {
        byte[] wire = ParticipantAnswerCodec.encode(answer, seed).toByteArray();
        AnswerOfParticipant parsed = AnswerOfParticipant.parseFrom(wire);
        assertThat(ParticipantAnswerCodec.decode(parsed)).as("seed %d", seed).isEqualTo(answer);
        assertThat(parsed.getCorrelation()).isEqualTo(seed);
      }
    }
  }

  @Test
  void corrupted_bytes_are_refused_with_a_typed_exception_or_still_say_something() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      for (ParticipantAnswer answer : answers(new Samples(seed))) {
        byte[] wire = ParticipantAnswerCodec.encode(answer, seed).toByteArray();
        wire[random.nextInt(wire.length)] = (byte) random.nextInt();
        try {
          assertThat(ParticipantAnswerCodec.decode(AnswerOfParticipant.parseFrom(wire)))
              .isNotNull();
        } catch (InvalidProtocolBufferException | MalformedMessageException expected) {
          assertThat(expected).hasMessageMatching("(?s).+");
        }
      }
    }
  }

  @Test
  void a_call_or_an_answer_of_an_unknown_kind_is_malformed() {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ParticipantCallCodec.decode(CallToParticipant.getDefaultInstance()))
        .withMessageContaining("known kind");
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ParticipantAnswerCodec.decode(AnswerOfParticipant.getDefaultInstance()))
        .withMessageContaining("known kind");
  }

  private static ParticipantCall call(ParticipantCall.Kind kind, Samples samples) {
    return switch (kind) {
      case ORDER ->
          new ParticipantCall.Order(
              samples.request(),
              samples.timestamp(),
              List.of(samples.group(), samples.group()),
              7,
              true);
      case REFUSE -> new ParticipantCall.Refuse(samples.request().id(), samples.timestamp());
      case FINALISE -> new ParticipantCall.Finalise(samples.request().id(), samples.timestamp());
      case AWAIT -> new ParticipantCall.Await(samples.request().id(), samples.timestamp());
      case APPLY ->
          new ParticipantCall.Apply(
              samples.request().id(),
              samples.timestamp(),
              new TxnOutcome.Commit(samples.committed().branch()));
      case FORGET ->
          new ParticipantCall.Forget(List.of(samples.request().id(), samples.request().id()));
      case READ -> new ParticipantCall.Read(samples.transaction());
    };
  }

  private static List<ParticipantAnswer> answers(Samples samples) {
    Refusal refusal = new Refusal(Refusal.Reason.NOT_ORDERED, "some reason");
    Evaluation evaluation =
        new Evaluation(
            true,
            new BranchResult.Results(samples.committed().results()),
            new BranchResult.Impossible(refusal));
    return List.of(
        new ParticipantAnswer.Status(new TxnStatus.Unknown()),
        new ParticipantAnswer.Status(new TxnStatus.Refused(refusal)),
        new ParticipantAnswer.Status(
            new TxnStatus.Waiting(
                samples.timestamp(), samples.timestamp(), List.of(samples.group()), 7)),
        new ParticipantAnswer.Status(
            new TxnStatus.Ready(
                samples.timestamp(), samples.timestamp(), List.of(samples.group()), 8, evaluation)),
        new ParticipantAnswer.Status(
            new TxnStatus.Finished(
                samples.timestamp(),
                List.of(samples.group()),
                9,
                new TxnOutcome.Abort(refusal),
                samples.committed().results())),
        new ParticipantAnswer.Seen(evaluation),
        new ParticipantAnswer.Done(),
        new ParticipantAnswer.Denied(refusal),
        new ParticipantAnswer.NotLeader(Optional.empty()),
        new ParticipantAnswer.NotLeader(Optional.of(samples.node())),
        new ParticipantAnswer.Overloaded(7),
        new ParticipantAnswer.Lost());
  }
}
