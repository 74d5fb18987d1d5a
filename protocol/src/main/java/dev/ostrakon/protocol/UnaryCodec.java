package dev.ostrakon.protocol;

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
import dev.ostrakon.protocol.v1.AppendRequest;
import dev.ostrakon.protocol.v1.CompareAndSetRequest;
import dev.ostrakon.protocol.v1.CompareAndSetResponse;
import dev.ostrakon.protocol.v1.DeleteRequest;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.IncrementRequest;
import dev.ostrakon.protocol.v1.IncrementResponse;
import dev.ostrakon.protocol.v1.OutcomeRequest;
import dev.ostrakon.protocol.v1.OutcomeResponse;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ResponseHeader;
import dev.ostrakon.protocol.v1.ScanRequest;
import dev.ostrakon.protocol.v1.ScanResponse;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.WriteResponse;
import java.util.List;

/**
 * The unary calls of the {@code Kv} service: each request is a {@link KvCall} like those of a
 * session, so a server has one way to answer both.
 */
public final class UnaryCodec {
  private UnaryCodec() {}

  /** The call of a read. */
  public static KvCall decode(GetRequest wire) throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return new KvCall.Read(Transaction.of(List.of(new Operation.Get(key))));
  }

  /** The call of a write. */
  public static KvCall decode(PutRequest wire, CallIds ids) throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return single(
        wire.getHeader(), ids, new Operation.Put(key, WireBytes.decodeValue(wire.getValue())));
  }

  /** The call of an append. */
  public static KvCall decode(AppendRequest wire, CallIds ids) throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return single(
        wire.getHeader(), ids, new Operation.Append(key, WireBytes.decodeValue(wire.getValue())));
  }

  /** The call of a deletion. */
  public static KvCall decode(DeleteRequest wire, CallIds ids) throws MalformedMessageException {
    return single(wire.getHeader(), ids, new Operation.Delete(WireBytes.decodeKey(wire.getKey())));
  }

  /** The call of an increment. */
  public static KvCall decode(IncrementRequest wire, CallIds ids) throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return single(wire.getHeader(), ids, new Operation.Add(key, wire.getDelta(), true));
  }

  /** The call of a conditional write: a transaction that does nothing if the condition fails. */
  public static KvCall decode(CompareAndSetRequest wire, CallIds ids)
      throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    Condition expected =
        switch (wire.getExpectedCase()) {
          case EXPECTED_VALUE ->
              new Condition.ValueIs(key, WireBytes.decodeValue(wire.getExpectedValue()));
          case EXPECTED_MISSING -> new Condition.Missing(key);
          case EXPECTED_VERSION ->
              new Condition.VersionIs(key, HybridTimestamp.fromPacked(wire.getExpectedVersion()));
          case EXPECTED_NOT_SET ->
              throw new MalformedMessageException(
                  "expected one of expected_value, expected_missing and expected_version, was"
                      + " none");
        };
    Operation put = new Operation.Put(key, WireBytes.decodeValue(wire.getValue()));
    return execute(
        wire.getHeader(), ids, new Transaction(List.of(expected), List.of(put), List.of()));
  }

  /** The call of a transaction. */
  public static KvCall decode(TransactRequest wire, CallIds ids) throws MalformedMessageException {
    return execute(wire.getHeader(), ids, TransactionCodec.decode(wire.getTransaction()));
  }

  /** The call of a scan. */
  public static KvCall decode(ScanRequest wire) throws MalformedMessageException {
    try {
      return new KvCall.Scan(CallCodec.decode(wire.getRange()));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("scan", e);
    }
  }

  /** The call of a question for an outcome. */
  public static KvCall decode(OutcomeRequest wire) throws MalformedMessageException {
    return new KvCall.AskOutcome(CallCodec.decode(wire.getQuestion()));
  }

  private static KvCall single(RequestHeader header, CallIds ids, Operation operation)
      throws MalformedMessageException {
    return execute(header, ids, Transaction.of(List.of(operation)));
  }

  private static KvCall execute(RequestHeader header, CallIds ids, Transaction transaction)
      throws MalformedMessageException {
    if (header.getSequence() == 0) {
      return new KvCall.Execute(
          new Request(new TxnId(ids.next(), 1), ids.now(), ids.acknowledgement(), transaction));
    }
    ClientId client = new ClientId(header.getClientHigh(), header.getClientLow());
    RequestId id = new RequestId(client, Numbers.positive("sequence", header.getSequence()));
    if (header.getIssuedAt() == 0) {
      throw new MalformedMessageException(
          "a request with a sequence says when it was first sent: issued_at expected, was 0");
    }
    return new KvCall.Execute(
        new Request(
            new TxnId(id, CallCodec.decodeAttempt(header.getAttempt())),
            HybridTimestamp.fromPacked(header.getIssuedAt()),
            Acknowledgement.upTo(Numbers.notNegative("watermark", header.getWatermark())),
            transaction));
  }

  /** The answer to a read. */
  public static GetResponse encodeGet(KvAnswer answer, HybridTimestamp now) {
    GetResponse.Builder wire = GetResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Done done
        && firstResult(done) instanceof OperationResult.Present present) {
      wire.setFound(true)
          .setValue(WireBytes.encode(present.value()))
          .setVersion(present.version().packed());
    }
    return wire.build();
  }

  /** The answer to a write, an append or a deletion. */
  public static WriteResponse encodeWrite(KvAnswer answer, HybridTimestamp now) {
    WriteResponse.Builder wire = WriteResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Done done) {
      wire.setVersion(done.committed().timestamp().packed());
    }
    return wire.build();
  }

  /** The answer to a conditional write. */
  public static CompareAndSetResponse encodeCompareAndSet(KvAnswer answer, HybridTimestamp now) {
    CompareAndSetResponse.Builder wire =
        CompareAndSetResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Done done) {
      wire.setSwapped(done.committed().branch() == Branch.THEN)
          .setVersion(done.committed().timestamp().packed());
    }
    return wire.build();
  }

  /** The answer to an increment. */
  public static IncrementResponse encodeIncrement(KvAnswer answer, HybridTimestamp now) {
    IncrementResponse.Builder wire = IncrementResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Done done
        && firstResult(done) instanceof OperationResult.Present present) {
      wire.setValue(
              present
                  .value()
                  .asNumber()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException("the sum of an add is a number, was none")))
          .setVersion(present.version().packed());
    }
    return wire.build();
  }

  /** The answer to a transaction. */
  public static TransactResponse encodeTransact(KvAnswer answer, HybridTimestamp now) {
    TransactResponse.Builder wire = TransactResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Done done) {
      wire.setCommitted(ResultCodec.encode(done.committed()));
    }
    return wire.build();
  }

  /** The answer to a scan. */
  public static ScanResponse encodeScan(KvAnswer answer, HybridTimestamp now) {
    ScanResponse.Builder wire = ScanResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Page page) {
      wire.setPage(ResultCodec.encode(page.page()));
    }
    return wire.build();
  }

  /** The answer to a question for an outcome. */
  public static OutcomeResponse encodeOutcome(KvAnswer answer, HybridTimestamp now) {
    OutcomeResponse.Builder wire = OutcomeResponse.newBuilder().setHeader(header(answer, now));
    if (answer instanceof KvAnswer.Report report) {
      wire.setReport(ResultCodec.encode(report.report()));
    }
    return wire.build();
  }

  private static OperationResult firstResult(KvAnswer.Done done) {
    RequestOutcome.Committed committed = done.committed();
    if (committed.results().size() != 1) {
      throw new IllegalArgumentException(
          "one operation has one result, were " + committed.results().size());
    }
    return committed.results().get(0);
  }

  private static ResponseHeader header(KvAnswer answer, HybridTimestamp now) {
    return answer instanceof KvAnswer.Failed failed
        ? HeaderCodec.failed(now, failed.error())
        : HeaderCodec.answered(now);
  }
}
