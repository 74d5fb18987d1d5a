package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.protocol.v1.ApplyCall;
import dev.ostrakon.protocol.v1.AwaitCall;
import dev.ostrakon.protocol.v1.CallToParticipant;
import dev.ostrakon.protocol.v1.FinaliseCall;
import dev.ostrakon.protocol.v1.ForgetCall;
import dev.ostrakon.protocol.v1.OrderCall;
import dev.ostrakon.protocol.v1.RefuseCall;
import dev.ostrakon.protocol.v1.TxnName;
import java.util.ArrayList;
import java.util.List;

/** What coordinators ask of participants, on the wire between nodes. */
public final class ParticipantCallCodec {
  private ParticipantCallCodec() {}

  /**
   * The wire form of a call, to be completed by who sends it: correlation, group and timeout are
   * not set.
   */
  public static CallToParticipant.Builder encode(ParticipantCall call) {
    CallToParticipant.Builder wire = CallToParticipant.newBuilder();
    return switch (call.kind()) {
      case ORDER -> wire.setOrder(encode((ParticipantCall.Order) call));
      case REFUSE -> wire.setRefuse(encode((ParticipantCall.Refuse) call));
      case FINALISE -> wire.setFinalise(encode((ParticipantCall.Finalise) call));
      case AWAIT -> wire.setAwait(encode((ParticipantCall.Await) call));
      case APPLY -> wire.setApply(encode((ParticipantCall.Apply) call));
      case FORGET -> wire.setForget(encode((ParticipantCall.Forget) call));
      case READ -> wire.setRead(TransactionCodec.encode(((ParticipantCall.Read) call).fragment()));
    };
  }

  private static OrderCall.Builder encode(ParticipantCall.Order order) {
    Request request = order.request();
    OrderCall.Builder wire =
        OrderCall.newBuilder()
            .setTxn(encode(request.id()))
            .setIssuedAt(request.issuedAt().packed())
            .setWatermark(request.acknowledgement().watermark())
            .setFragment(TransactionCodec.encode(request.transaction()))
            .setProposed(order.proposed().packed())
            .setConfiguration(order.configuration())
            .setReadOnly(order.isReadOnly())
            .setFingerprint(request.fingerprint());
    long previous = request.acknowledgement().watermark();
    for (long sequence : request.acknowledgement().above()) {
      wire.addSettled(sequence - previous);
      previous = sequence;
    }
    order.participants().forEach(group -> wire.addParticipants(group.number()));
    return wire;
  }

  private static RefuseCall.Builder encode(ParticipantCall.Refuse refuse) {
    return RefuseCall.newBuilder()
        .setTxn(encode(refuse.txn()))
        .setIssuedAt(refuse.issuedAt().packed());
  }

  private static FinaliseCall.Builder encode(ParticipantCall.Finalise finalise) {
    return FinaliseCall.newBuilder()
        .setTxn(encode(finalise.txn()))
        .setTimestamp(finalise.timestamp().packed());
  }

  private static AwaitCall.Builder encode(ParticipantCall.Await await) {
    return AwaitCall.newBuilder()
        .setTxn(encode(await.txn()))
        .setTimestamp(await.timestamp().packed());
  }

  private static ApplyCall.Builder encode(ParticipantCall.Apply apply) {
    return ApplyCall.newBuilder()
        .setTxn(encode(apply.txn()))
        .setTimestamp(apply.timestamp().packed())
        .setOutcome(ParticipantAnswerCodec.encode(apply.outcome()));
  }

  private static ForgetCall.Builder encode(ParticipantCall.Forget forget) {
    ForgetCall.Builder wire = ForgetCall.newBuilder();
    forget.txns().forEach(txn -> wire.addTxns(encode(txn)));
    return wire;
  }

  private static TxnName.Builder encode(TxnId txn) {
    return TxnName.newBuilder()
        .setClientHigh(txn.request().client().high())
        .setClientLow(txn.request().client().low())
        .setSequence(txn.request().sequence())
        .setAttempt(txn.attempt());
  }

  /** The call of a wire form. */
  public static ParticipantCall decode(CallToParticipant wire) throws MalformedMessageException {
    try {
      return switch (wire.getBodyCase()) {
        case ORDER -> decode(wire.getOrder());
        case REFUSE ->
            new ParticipantCall.Refuse(
                decode(wire.getRefuse().getTxn()), time(wire.getRefuse().getIssuedAt()));
        case FINALISE ->
            new ParticipantCall.Finalise(
                decode(wire.getFinalise().getTxn()), time(wire.getFinalise().getTimestamp()));
        case AWAIT ->
            new ParticipantCall.Await(
                decode(wire.getAwait().getTxn()), time(wire.getAwait().getTimestamp()));
        case APPLY ->
            new ParticipantCall.Apply(
                decode(wire.getApply().getTxn()),
                time(wire.getApply().getTimestamp()),
                ParticipantAnswerCodec.decode(wire.getApply().getOutcome()));
        case FORGET -> new ParticipantCall.Forget(decodeAll(wire.getForget()));
        case READ -> new ParticipantCall.Read(TransactionCodec.decode(wire.getRead()));
        case BODY_NOT_SET ->
            throw new MalformedMessageException("expected a call of a known kind, was none");
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("call to a participant", e);
    }
  }

  private static ParticipantCall decode(OrderCall wire) throws MalformedMessageException {
    long watermark = Numbers.notNegative("watermark", wire.getWatermark());
    return new ParticipantCall.Order(
        new Request(
            decode(wire.getTxn()),
            time(wire.getIssuedAt()),
            new Acknowledgement(
                watermark, CallCodec.decodeSettled(wire.getSettledList(), watermark)),
            TransactionCodec.decode(wire.getFragment()),
            wire.getFingerprint()),
        time(wire.getProposed()),
        decodeGroups(wire.getParticipantsList()),
        Numbers.notNegative("configuration", wire.getConfiguration()),
        wire.getReadOnly());
  }

  static List<GroupId> decodeGroups(List<Long> wire) throws MalformedMessageException {
    List<GroupId> groups = new ArrayList<>(wire.size());
    for (long number : wire) {
      groups.add(new GroupId(Numbers.notNegative("group", number)));
    }
    return groups;
  }

  private static List<TxnId> decodeAll(ForgetCall wire) throws MalformedMessageException {
    List<TxnId> txns = new ArrayList<>(wire.getTxnsCount());
    for (TxnName txn : wire.getTxnsList()) {
      txns.add(decode(txn));
    }
    return txns;
  }

  private static TxnId decode(TxnName wire) throws MalformedMessageException {
    return new TxnId(
        new RequestId(
            new ClientId(wire.getClientHigh(), wire.getClientLow()),
            Numbers.positive("sequence", wire.getSequence())),
        Numbers.notNegative("attempt", wire.getAttempt()));
  }

  private static HybridTimestamp time(long packed) {
    return HybridTimestamp.fromPacked(packed);
  }
}
