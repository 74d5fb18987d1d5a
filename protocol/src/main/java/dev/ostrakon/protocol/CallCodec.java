package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.ArrayList;
import java.util.List;

/** Requests and answers of the session stream. */
public final class CallCodec {
  private CallCodec() {}

  /**
   * The wire form of one sending.
   *
   * @param correlation names the sending on its stream
   * @param timeoutMillis how long the client still waits
   * @param watermark of the frame that the request travels in; settled sequences of the call's
   *     acknowledgement are written relative to it
   */
  public static SessionRequest encode(
      KvCall call, long correlation, int timeoutMillis, long watermark) {
    SessionRequest.Builder wire = body(call);
    if (call instanceof KvCall.Execute execute) {
      Request request = execute.request();
      wire.setSequence(request.id().request().sequence())
          .setAttempt(request.id().attempt())
          .setIssuedAt(request.issuedAt().packed());
      addSettled(wire, watermark, request.acknowledgement().above());
    }
    return wire.setCorrelation(correlation).setTimeoutMillis(timeoutMillis).build();
  }

  /** The part of a request that is the same for all sendings, to be completed for each. */
  public static SessionRequest.Builder body(KvCall call) {
    if (call instanceof KvCall.Execute execute) {
      return body(execute.request().transaction());
    } else if (call instanceof KvCall.Read read) {
      return body(read.transaction());
    } else if (call instanceof KvCall.Scan scan) {
      return SessionRequest.newBuilder().setScan(encode(scan.range()));
    }
    return SessionRequest.newBuilder().setOutcome(encode(((KvCall.AskOutcome) call).question()));
  }

  /** The body of a transaction, in its short form if it has one. */
  public static SessionRequest.Builder body(Transaction transaction) {
    SessionRequest.Builder wire = SessionRequest.newBuilder();
    if (transaction.conditions().isEmpty()
        && transaction.otherwise().isEmpty()
        && transaction.then().size() == 1) {
      return wire.setOperation(TransactionCodec.encode(transaction.then().get(0)));
    }
    return wire.setTransaction(TransactionCodec.encode(transaction));
  }

  /**
   * Writes settled sequences as distances.
   *
   * @param settled strictly ascending, all above the watermark
   */
  public static void addSettled(SessionRequest.Builder wire, long watermark, List<Long> settled) {
    long previous = watermark;
    for (long sequence : settled) {
      wire.addSettled(sequence - previous);
      previous = sequence;
    }
  }

  /**
   * The call of a wire form.
   *
   * @param client who sent it, from the session's hello
   * @param watermark the client's watermark, from the newest frame that told one
   */
  public static KvCall decode(SessionRequest wire, ClientId client, long watermark)
      throws MalformedMessageException {
    try {
      return switch (wire.getBodyCase()) {
        case OPERATION ->
            decode(
                wire,
                client,
                watermark,
                Transaction.of(List.of(TransactionCodec.decode(wire.getOperation()))));
        case TRANSACTION ->
            decode(wire, client, watermark, TransactionCodec.decode(wire.getTransaction()));
        case SCAN -> new KvCall.Scan(decode(wire.getScan()));
        case OUTCOME -> new KvCall.AskOutcome(decode(wire.getOutcome()));
        case BODY_NOT_SET ->
            throw new MalformedMessageException("expected a body of a known kind, was none");
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("request", e);
    }
  }

  private static KvCall decode(
      SessionRequest wire, ClientId client, long watermark, Transaction transaction)
      throws MalformedMessageException {
    if (wire.getSequence() == 0) {
      return new KvCall.Read(transaction);
    }
    RequestId id = new RequestId(client, Numbers.positive("sequence", wire.getSequence()));
    return new KvCall.Execute(
        new Request(
            new TxnId(id, decodeAttempt(wire.getAttempt())),
            HybridTimestamp.fromPacked(wire.getIssuedAt()),
            new Acknowledgement(
                Numbers.notNegative("watermark", watermark),
                decodeSettled(wire.getSettledList(), watermark)),
            transaction));
  }

  static int decodeAttempt(int wire) throws MalformedMessageException {
    return wire == 0 ? 1 : Numbers.notNegative("attempt", wire);
  }

  /** Settled sequences of their distances, the first to the watermark. */
  static List<Long> decodeSettled(List<Long> distances, long watermark)
      throws MalformedMessageException {
    if (distances.isEmpty()) {
      return List.of();
    }
    List<Long> settled = new ArrayList<>(distances.size());
    long sequence = watermark;
    for (long distance : distances) {
      sequence += Numbers.positive("settled", distance);
      settled.add(sequence);
    }
    return settled;
  }

  /** The wire form of an answer. */
  public static SessionAnswer encode(KvAnswer answer, long correlation) {
    SessionAnswer.Builder wire = SessionAnswer.newBuilder().setCorrelation(correlation);
    if (answer instanceof KvAnswer.Done done) {
      wire.setCommitted(ResultCodec.encode(done.committed()));
    } else if (answer instanceof KvAnswer.Failed failed) {
      wire.setError(ErrorCodec.encode(failed.error()));
    } else if (answer instanceof KvAnswer.Page page) {
      wire.setPage(ResultCodec.encode(page.page()));
    } else {
      wire.setReport(ResultCodec.encode(((KvAnswer.Report) answer).report()));
    }
    return wire.build();
  }

  /** The answer of a wire form. */
  public static KvAnswer decode(SessionAnswer wire) throws MalformedMessageException {
    return switch (wire.getBodyCase()) {
      case COMMITTED -> new KvAnswer.Done(ResultCodec.decode(wire.getCommitted()));
      case ERROR -> new KvAnswer.Failed(ErrorCodec.decode(wire.getError()));
      case PAGE -> new KvAnswer.Page(ResultCodec.decode(wire.getPage()));
      case REPORT -> new KvAnswer.Report(ResultCodec.decode(wire.getReport()));
      case BODY_NOT_SET ->
          throw new MalformedMessageException("expected an answer of a known kind, was none");
    };
  }

  static dev.ostrakon.protocol.v1.ScanRange encode(ScanRange range) {
    return dev.ostrakon.protocol.v1.ScanRange.newBuilder()
        .setGroup(range.group().number())
        .setFrom(WireBytes.encode(range.from()))
        .setTo(WireBytes.encode(range.to()))
        .setLimit(range.limit())
        .build();
  }

  static ScanRange decode(dev.ostrakon.protocol.v1.ScanRange wire)
      throws MalformedMessageException {
    return new ScanRange(
        new GroupId(Numbers.notNegative("group", wire.getGroup())),
        WireBytes.decode(wire.getFrom()),
        WireBytes.decode(wire.getTo()),
        Numbers.notNegative("limit", wire.getLimit()));
  }

  static dev.ostrakon.protocol.v1.OutcomeQuestion encode(OutcomeQuestion question) {
    dev.ostrakon.protocol.v1.OutcomeQuestion.Builder wire =
        dev.ostrakon.protocol.v1.OutcomeQuestion.newBuilder()
            .setClientHigh(question.request().client().high())
            .setClientLow(question.request().client().low())
            .setSequence(question.request().sequence())
            .setGroup(question.group().number())
            .setIssuedAt(question.issuedAt().packed());
    for (Key key : question.keys()) {
      wire.addKeys(WireBytes.encode(key));
    }
    return wire.build();
  }

  static OutcomeQuestion decode(dev.ostrakon.protocol.v1.OutcomeQuestion wire)
      throws MalformedMessageException {
    List<Key> keys = new ArrayList<>(wire.getKeysCount());
    for (com.google.protobuf.ByteString key : wire.getKeysList()) {
      keys.add(WireBytes.decodeKey(key));
    }
    return new OutcomeQuestion(
        new RequestId(
            new ClientId(wire.getClientHigh(), wire.getClientLow()),
            Numbers.positive("sequence", wire.getSequence())),
        new GroupId(Numbers.notNegative("group", wire.getGroup())),
        keys,
        HybridTimestamp.fromPacked(wire.getIssuedAt()));
  }
}
