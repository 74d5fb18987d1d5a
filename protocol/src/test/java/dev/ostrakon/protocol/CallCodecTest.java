package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CallCodecTest {
  private static final ClientId CLIENT = new ClientId(1, 2);
  private static final long CORRELATION = 77;

  @ParameterizedTest
  @EnumSource(Operation.Kind.class)
  void every_operation_survives_the_round_trip(Operation.Kind kind) throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      Operation sent = new Samples(seed).operation(kind);

      byte[] wire = TransactionCodec.encode(sent).toByteArray();

      assertThat(TransactionCodec.decode(dev.ostrakon.protocol.v1.Operation.parseFrom(wire)))
          .isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource(Condition.Kind.class)
  void every_condition_survives_the_round_trip(Condition.Kind kind) throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      Condition sent = new Samples(seed).condition(kind);

      byte[] wire = TransactionCodec.encode(sent).toByteArray();

      assertThat(TransactionCodec.decode(dev.ostrakon.protocol.v1.Condition.parseFrom(wire)))
          .isEqualTo(sent);
    }
  }

  @Property(tries = 500)
  void an_execution_survives_the_round_trip(@ForAll long seed) throws Exception {
    Request request = new Samples(seed).request();

    KvCall decoded =
        roundTrip(
            new KvCall.Execute(request),
            request.id().request().client(),
            request.acknowledgement().watermark());

    assertThat(decoded).isEqualTo(new KvCall.Execute(request));
  }

  @Property(tries = 300)
  void scans_and_questions_survive_the_round_trip(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    KvCall scan = new KvCall.Scan(samples.scanRange());
    KvCall question = new KvCall.AskOutcome(samples.question());

    assertThat(roundTrip(scan, CLIENT, 0)).isEqualTo(scan);
    assertThat(roundTrip(question, CLIENT, 0)).isEqualTo(question);
  }

  @Test
  void reads_travel_without_a_sequence() throws Exception {
    Operation get = new Operation.Get(Key.utf8("k"));
    KvCall read = new KvCall.Read(Transaction.of(List.of(get, get)));

    SessionRequest wire = CallCodec.encode(read, CORRELATION, 100, 0);

    assertThat(wire.getSequence()).isZero();
    assertThat(CallCodec.decode(wire, CLIENT, 0)).isEqualTo(read);
  }

  @Test
  void a_write_without_a_sequence_is_malformed() {
    SessionRequest wire =
        CallCodec.body(Transaction.of(List.of(new Operation.Put(Key.utf8("k"), Value.utf8("v")))))
            .setCorrelation(CORRELATION)
            .build();

    assertMalformed(wire, "a request that writes needs a sequence");
  }

  @Test
  void an_empty_key_is_malformed() {
    SessionRequest.Builder wire = SessionRequest.newBuilder();
    wire.getOperationBuilder().setKind(dev.ostrakon.protocol.v1.OperationKind.OPERATION_KIND_GET);

    assertMalformed(wire.build(), "a key has at least one byte");
  }

  @Test
  void kinds_of_a_newer_version_are_malformed_and_named() {
    SessionRequest.Builder operation = SessionRequest.newBuilder();
    operation.getOperationBuilder().setKindValue(99).setKey(ByteString.copyFromUtf8("k"));
    assertMalformed(operation.build(), "kind 99");

    SessionRequest.Builder condition = SessionRequest.newBuilder();
    condition
        .getTransactionBuilder()
        .addConditionsBuilder()
        .setKindValue(98)
        .setKey(ByteString.copyFromUtf8("k"));
    assertMalformed(condition.build(), "kind 98");

    SessionRequest.Builder comparison = SessionRequest.newBuilder();
    comparison
        .getTransactionBuilder()
        .addConditionsBuilder()
        .setKind(dev.ostrakon.protocol.v1.ConditionKind.CONDITION_KIND_NUMBER_IS)
        .setComparisonValue(97)
        .setKey(ByteString.copyFromUtf8("k"));
    assertMalformed(comparison.build(), "comparison, was 97");

    assertMalformed(SessionRequest.getDefaultInstance(), "body of a known kind");
  }

  @Test
  void sequences_out_of_range_are_malformed() {
    SessionRequest put =
        CallCodec.body(Transaction.of(List.of(new Operation.Delete(Key.utf8("k")))))
            .setSequence(-1)
            .build();
    assertMalformed(put, "sequence");
    assertMalformed(put.toBuilder().setSequence(1).setAttempt(-1).build(), "attempt");
    assertMalformed(put.toBuilder().setSequence(1).addSettled(0).build(), "settled");
    assertMalformed(
        put.toBuilder().setSequence(1).addSettled(Long.MAX_VALUE).addSettled(2).build(),
        "ascending");
  }

  @Test
  void a_scan_without_a_limit_is_malformed() {
    SessionRequest.Builder wire = SessionRequest.newBuilder();
    wire.getScanBuilder().setGroup(1);

    assertMalformed(wire.build(), "limit is positive");
  }

  @Property(tries = 500)
  void every_answer_survives_the_round_trip(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    List<KvAnswer> answers =
        List.of(
            new KvAnswer.Done(samples.committed()),
            new KvAnswer.Failed(samples.error()),
            new KvAnswer.Page(samples.scanPage()),
            new KvAnswer.Report(samples.report()));

    for (KvAnswer answer : answers) {
      SessionAnswer wire =
          SessionAnswer.parseFrom(CallCodec.encode(answer, CORRELATION).toByteArray());

      assertThat(wire.getCorrelation()).isEqualTo(CORRELATION);
      assertThat(CallCodec.decode(wire)).isEqualTo(answer);
    }
  }

  @Test
  void answers_that_make_no_sense_are_malformed() {
    assertMalformed(SessionAnswer.getDefaultInstance(), "answer of a known kind");

    SessionAnswer.Builder branch = SessionAnswer.newBuilder();
    branch.getCommittedBuilder().setBranchValue(9);
    assertMalformed(branch.build(), "branch, was 9");

    SessionAnswer.Builder result = SessionAnswer.newBuilder();
    result.getCommittedBuilder().setBranchValue(1).addResultsBuilder().setKindValue(9);
    assertMalformed(result.build(), "kind 9");

    SessionAnswer.Builder page = SessionAnswer.newBuilder();
    page.getPageBuilder().setMore(true);
    assertMalformed(page.build(), "has entries");

    SessionAnswer.Builder report = SessionAnswer.newBuilder();
    report.getReportBuilder().setStateValue(9);
    assertMalformed(report.build(), "outcome, was 9");
  }

  @Property(tries = 1000)
  void damaged_bytes_never_give_anything_but_a_typed_failure(@ForAll long seed) {
    Request request = new Samples(seed).request();
    byte[] bytes = CallCodec.encode(new KvCall.Execute(request), 1, 100, 0).toByteArray();
    Random random = new Random(seed);
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();

    try {
      assertThat(CallCodec.decode(SessionRequest.parseFrom(bytes), CLIENT, 0)).isNotNull();
    } catch (MalformedMessageException | com.google.protobuf.InvalidProtocolBufferException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void values_are_handed_through_without_a_copy() throws Exception {
    Value value = new Value(dev.ostrakon.model.ByteString.wrap(new byte[1000]));
    Operation.Put put = new Operation.Put(Key.utf8("k"), value);

    Operation.Put decoded = (Operation.Put) TransactionCodec.decode(TransactionCodec.encode(put));

    assertThat(decoded.value().bytes().sharedArray()).isSameAs(value.bytes().sharedArray());
  }

  @Test
  void a_slice_of_a_larger_buffer_is_copied() throws Exception {
    ByteString slice = ByteString.copyFromUtf8("a long buffer").substring(2, 6);

    assertThat(WireBytes.decode(slice).toUtf8()).isEqualTo("long");
  }

  private static KvCall roundTrip(KvCall call, ClientId client, long watermark) throws Exception {
    byte[] wire = CallCodec.encode(call, CORRELATION, 100, watermark).toByteArray();
    SessionRequest parsed = SessionRequest.parseFrom(wire);
    assertThat(parsed.getCorrelation()).isEqualTo(CORRELATION);
    assertThat(parsed.getTimeoutMillis()).isEqualTo(100);
    return CallCodec.decode(parsed, client, watermark);
  }

  private static void assertMalformed(SessionRequest wire, String expected) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> CallCodec.decode(wire, CLIENT, 0))
        .withMessageContaining(expected);
  }

  private static void assertMalformed(SessionAnswer wire, String expected) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> CallCodec.decode(wire))
        .withMessageContaining(expected);
  }
}
