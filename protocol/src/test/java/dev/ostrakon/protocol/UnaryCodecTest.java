package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.CompareAndSetRequest;
import dev.ostrakon.protocol.v1.DeleteRequest;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.IncrementRequest;
import dev.ostrakon.protocol.v1.OutcomeRequest;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ScanRequest;
import dev.ostrakon.protocol.v1.TransactRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnaryCodecTest {
  private static final HybridTimestamp NOW = new HybridTimestamp(1000, 1);
  private static final HybridTimestamp ISSUED = new HybridTimestamp(900, 0);
  private static final Key KEY = Key.utf8("k");
  private static final Value VALUE = Value.utf8("v");
  private static final ByteString WIRE_KEY = ByteString.copyFromUtf8("k");
  private static final ByteString WIRE_VALUE = ByteString.copyFromUtf8("v");
  private static final RequestId DRAWN = new RequestId(new ClientId(8, 9), 5);

  private static final CallIds IDS =
      new CallIds() {
        @Override
        public RequestId next() {
          return DRAWN;
        }

        @Override
        public HybridTimestamp now() {
          return NOW;
        }
      };

  @Test
  void a_get_is_a_read() throws Exception {
    assertThat(UnaryCodec.decode(GetRequest.newBuilder().setKey(WIRE_KEY).build()))
        .isEqualTo(new KvCall.Read(Transaction.of(List.of(new Operation.Get(KEY)))));
  }

  @Test
  void writes_without_an_id_are_given_one() throws Exception {
    assertThat(
            UnaryCodec.decode(
                PutRequest.newBuilder().setKey(WIRE_KEY).setValue(WIRE_VALUE).build(), IDS))
        .isEqualTo(drawn(new Operation.Put(KEY, VALUE)));
    assertThat(
            UnaryCodec.decode(
                AppendRequest.newBuilder().setKey(WIRE_KEY).setValue(WIRE_VALUE).build(), IDS))
        .isEqualTo(drawn(new Operation.Append(KEY, VALUE)));
    assertThat(UnaryCodec.decode(DeleteRequest.newBuilder().setKey(WIRE_KEY).build(), IDS))
        .isEqualTo(drawn(new Operation.Delete(KEY)));
    assertThat(
            UnaryCodec.decode(
                IncrementRequest.newBuilder().setKey(WIRE_KEY).setDelta(-3).build(), IDS))
        .isEqualTo(drawn(new Operation.Add(KEY, -3, true)));
  }

  @Test
  void a_write_keeps_the_id_that_it_brings() throws Exception {
    RequestHeader header =
        RequestHeader.newBuilder()
            .setClientHigh(1)
            .setClientLow(2)
            .setSequence(3)
            .setAttempt(2)
            .setIssuedAt(ISSUED.packed())
            .setWatermark(2)
            .build();

    KvCall call =
        UnaryCodec.decode(
            DeleteRequest.newBuilder().setHeader(header).setKey(WIRE_KEY).build(), IDS);

    assertThat(call)
        .isEqualTo(
            new KvCall.Execute(
                new Request(
                    new TxnId(new RequestId(new ClientId(1, 2), 3), 2),
                    ISSUED,
                    Acknowledgement.upTo(2),
                    Transaction.of(List.of(new Operation.Delete(KEY))))));
  }

  @Test
  void an_id_without_the_time_of_its_first_sending_is_malformed() {
    DeleteRequest.Builder wire = DeleteRequest.newBuilder().setKey(WIRE_KEY);
    wire.getHeaderBuilder().setSequence(3);

    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> UnaryCodec.decode(wire.build(), IDS))
        .withMessageContaining("issued_at");
  }

  @Test
  void a_compare_and_set_is_a_transaction_with_a_condition() throws Exception {
    CompareAndSetRequest.Builder wire =
        CompareAndSetRequest.newBuilder().setKey(WIRE_KEY).setValue(WIRE_VALUE);

    assertThat(UnaryCodec.decode(wire.setExpectedValue(ByteString.EMPTY).build(), IDS))
        .isEqualTo(conditional(new Condition.ValueIs(KEY, Value.utf8(""))));
    assertThat(UnaryCodec.decode(wire.setExpectedMissing(true).build(), IDS))
        .isEqualTo(conditional(new Condition.Missing(KEY)));
    assertThat(UnaryCodec.decode(wire.setExpectedVersion(ISSUED.packed()).build(), IDS))
        .isEqualTo(conditional(new Condition.VersionIs(KEY, ISSUED)));
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> UnaryCodec.decode(wire.clearExpected().build(), IDS))
        .withMessageContaining("expected_value");
  }

  @Test
  void transactions_scans_and_questions_are_those_of_a_session() throws Exception {
    Samples samples = new Samples(1);
    Transaction transaction = samples.transaction();
    ScanRange range = samples.scanRange();
    OutcomeQuestion question = samples.question();

    assertThat(
            UnaryCodec.decode(
                TransactRequest.newBuilder()
                    .setTransaction(TransactionCodec.encode(transaction))
                    .build(),
                IDS))
        .isEqualTo(drawn(transaction));
    assertThat(
            UnaryCodec.decode(ScanRequest.newBuilder().setRange(CallCodec.encode(range)).build()))
        .isEqualTo(new KvCall.Scan(range));
    assertThat(
            UnaryCodec.decode(
                OutcomeRequest.newBuilder().setQuestion(CallCodec.encode(question)).build()))
        .isEqualTo(new KvCall.AskOutcome(question));
  }

  @Test
  void a_found_and_a_missing_value_are_told_apart() {
    GetResponse found = UnaryCodec.encodeGet(done(new OperationResult.Present(VALUE, ISSUED)), NOW);
    GetResponse missing = UnaryCodec.encodeGet(done(new OperationResult.Absent()), NOW);

    assertThat(found.getFound()).isTrue();
    assertThat(found.getValue().toStringUtf8()).isEqualTo("v");
    assertThat(found.getVersion()).isEqualTo(ISSUED.packed());
    assertThat(found.getHeader().getTimestamp()).isEqualTo(NOW.packed());
    assertThat(missing.getFound()).isFalse();
  }

  @Test
  void a_result_is_told_in_the_terms_of_the_call() throws Exception {
    assertThat(UnaryCodec.encodeWrite(done(new OperationResult.Done()), NOW).getVersion())
        .isEqualTo(ISSUED.packed());
    assertThat(
            UnaryCodec.encodeIncrement(
                    done(new OperationResult.Present(Value.number(-7), ISSUED)), NOW)
                .getValue())
        .isEqualTo(-7);
    assertThat(UnaryCodec.encodeCompareAndSet(done(new OperationResult.Done()), NOW).getSwapped())
        .isTrue();
    assertThat(
            UnaryCodec.encodeCompareAndSet(
                    new KvAnswer.Done(
                        new RequestOutcome.Committed(ISSUED, Branch.OTHERWISE, List.of())),
                    NOW)
                .getSwapped())
        .isFalse();
    Samples samples = new Samples(2);
    RequestOutcome.Committed committed = samples.committed();
    assertThat(
            ResultCodec.decode(
                UnaryCodec.encodeTransact(new KvAnswer.Done(committed), NOW).getCommitted()))
        .isEqualTo(committed);
    ScanPage page = samples.scanPage();
    assertThat(ResultCodec.decode(UnaryCodec.encodeScan(new KvAnswer.Page(page), NOW).getPage()))
        .isEqualTo(page);
    OutcomeReport report = samples.report();
    assertThat(
            ResultCodec.decode(
                UnaryCodec.encodeOutcome(new KvAnswer.Report(report), NOW).getReport()))
        .isEqualTo(report);
  }

  @Test
  void a_failure_of_any_call_stands_in_the_header() throws Exception {
    ServiceError error = ServiceError.overloaded("full", 10);
    KvAnswer failed = new KvAnswer.Failed(error);

    assertThat(HeaderCodec.error(UnaryCodec.encodeGet(failed, NOW).getHeader())).contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeWrite(failed, NOW).getHeader())).contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeCompareAndSet(failed, NOW).getHeader()))
        .contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeIncrement(failed, NOW).getHeader()))
        .contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeTransact(failed, NOW).getHeader()))
        .contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeScan(failed, NOW).getHeader())).contains(error);
    assertThat(HeaderCodec.error(UnaryCodec.encodeOutcome(failed, NOW).getHeader()))
        .contains(error);
    assertThat(HeaderCodec.error(HeaderCodec.answered(NOW))).isEmpty();
  }

  private static KvCall drawn(Operation operation) {
    return drawn(Transaction.of(List.of(operation)));
  }

  private static KvCall drawn(Transaction transaction) {
    return new KvCall.Execute(
        new Request(new TxnId(DRAWN, 1), NOW, Acknowledgement.NONE, transaction));
  }

  private static KvCall conditional(Condition condition) {
    return drawn(
        new Transaction(List.of(condition), List.of(new Operation.Put(KEY, VALUE)), List.of()));
  }

  private static KvAnswer done(OperationResult result) {
    return new KvAnswer.Done(new RequestOutcome.Committed(ISSUED, Branch.THEN, List.of(result)));
  }
}
