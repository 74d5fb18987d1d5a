package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.protocol.v1.AnswerOfParticipant;
import dev.ostrakon.protocol.v1.BranchEvaluation;
import dev.ostrakon.protocol.v1.Decision;
import dev.ostrakon.protocol.v1.DoneAnswer;
import dev.ostrakon.protocol.v1.FinishedStatus;
import dev.ostrakon.protocol.v1.FragmentEvaluation;
import dev.ostrakon.protocol.v1.LostAnswer;
import dev.ostrakon.protocol.v1.ModelRefusal;
import dev.ostrakon.protocol.v1.NotLeaderAnswer;
import dev.ostrakon.protocol.v1.ReadyStatus;
import dev.ostrakon.protocol.v1.Standing;
import dev.ostrakon.protocol.v1.UnknownStatus;
import dev.ostrakon.protocol.v1.WaitingStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What participants say to coordinators, on the wire between nodes. */
public final class ParticipantAnswerCodec {
  private ParticipantAnswerCodec() {}

  /** The wire form of an answer. */
  public static AnswerOfParticipant encode(ParticipantAnswer answer, long correlation) {
    AnswerOfParticipant.Builder wire = AnswerOfParticipant.newBuilder().setCorrelation(correlation);
    if (answer instanceof ParticipantAnswer.Status status) {
      wire.setStatus(encode(status.status()));
    } else if (answer instanceof ParticipantAnswer.Seen seen) {
      wire.setSeen(encode(seen.evaluation()));
    } else if (answer instanceof ParticipantAnswer.Denied denied) {
      wire.setDenied(encode(denied.refusal()));
    } else if (answer instanceof ParticipantAnswer.NotLeader elsewhere) {
      wire.setNotLeader(
          NotLeaderAnswer.newBuilder()
              .setLeaderNodeId(elsewhere.leader().map(NodeId::name).orElse("")));
    } else if (answer instanceof ParticipantAnswer.Overloaded overloaded) {
      wire.getOverloadedBuilder()
          .setMillis((int) Math.min(Integer.MAX_VALUE, overloaded.retryAfterMillis()));
    } else if (answer instanceof ParticipantAnswer.Done) {
      wire.setDone(DoneAnswer.getDefaultInstance());
    } else {
      wire.setLost(LostAnswer.getDefaultInstance());
    }
    return wire.build();
  }

  /** The answer of a wire form. */
  public static ParticipantAnswer decode(AnswerOfParticipant wire)
      throws MalformedMessageException {
    try {
      return switch (wire.getBodyCase()) {
        case STATUS -> new ParticipantAnswer.Status(decode(wire.getStatus()));
        case SEEN -> new ParticipantAnswer.Seen(decode(wire.getSeen()));
        case DONE -> new ParticipantAnswer.Done();
        case DENIED -> new ParticipantAnswer.Denied(decode(wire.getDenied()));
        case NOT_LEADER -> new ParticipantAnswer.NotLeader(decodeLeader(wire.getNotLeader()));
        case OVERLOADED ->
            new ParticipantAnswer.Overloaded(
                Numbers.notNegative("millis", wire.getOverloaded().getMillis()));
        case LOST -> new ParticipantAnswer.Lost();
        case BODY_NOT_SET ->
            throw new MalformedMessageException("expected an answer of a known kind, was none");
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("answer of a participant", e);
    }
  }

  private static Optional<NodeId> decodeLeader(NotLeaderAnswer wire) {
    return wire.getLeaderNodeId().isEmpty()
        ? Optional.empty()
        : Optional.of(new NodeId(wire.getLeaderNodeId()));
  }

  private static Standing encode(TxnStatus status) {
    Standing.Builder wire = Standing.newBuilder();
    if (status instanceof TxnStatus.Refused refused) {
      wire.setRefused(encode(refused.refusal()));
    } else if (status instanceof TxnStatus.Waiting waiting) {
      wire.setWaiting(
          WaitingStatus.newBuilder()
              .setProposal(waiting.proposal().packed())
              .setTimestamp(waiting.timestamp().packed())
              .addAllParticipants(numbers(waiting.participants()))
              .setConfiguration(waiting.configuration())
              .setFingerprint(waiting.fingerprint()));
    } else if (status instanceof TxnStatus.Ready ready) {
      wire.setReady(
          ReadyStatus.newBuilder()
              .setProposal(ready.proposal().packed())
              .setTimestamp(ready.timestamp().packed())
              .addAllParticipants(numbers(ready.participants()))
              .setConfiguration(ready.configuration())
              .setFingerprint(ready.fingerprint())
              .setEvaluation(encode(ready.evaluation())));
    } else if (status instanceof TxnStatus.Finished finished) {
      FinishedStatus.Builder body =
          FinishedStatus.newBuilder()
              .setTimestamp(finished.timestamp().packed())
              .addAllParticipants(numbers(finished.participants()))
              .setConfiguration(finished.configuration())
              .setOutcome(encode(finished.outcome()));
      finished.results().forEach(result -> body.addResults(ResultCodec.encode(result)));
      wire.setFinished(body);
    } else {
      wire.setUnknown(UnknownStatus.getDefaultInstance());
    }
    return wire.build();
  }

  private static TxnStatus decode(Standing wire) throws MalformedMessageException {
    return switch (wire.getStatusCase()) {
      case UNKNOWN -> new TxnStatus.Unknown();
      case REFUSED -> new TxnStatus.Refused(decode(wire.getRefused()));
      case WAITING ->
          new TxnStatus.Waiting(
              time(wire.getWaiting().getProposal()),
              time(wire.getWaiting().getTimestamp()),
              ParticipantCallCodec.decodeGroups(wire.getWaiting().getParticipantsList()),
              Numbers.notNegative("configuration", wire.getWaiting().getConfiguration()),
              wire.getWaiting().getFingerprint());
      case READY ->
          new TxnStatus.Ready(
              time(wire.getReady().getProposal()),
              time(wire.getReady().getTimestamp()),
              ParticipantCallCodec.decodeGroups(wire.getReady().getParticipantsList()),
              Numbers.notNegative("configuration", wire.getReady().getConfiguration()),
              wire.getReady().getFingerprint(),
              decode(wire.getReady().getEvaluation()));
      case FINISHED ->
          new TxnStatus.Finished(
              time(wire.getFinished().getTimestamp()),
              ParticipantCallCodec.decodeGroups(wire.getFinished().getParticipantsList()),
              Numbers.notNegative("configuration", wire.getFinished().getConfiguration()),
              decode(wire.getFinished().getOutcome()),
              ResultCodec.decodeAll(wire.getFinished().getResultsList()));
      case STATUS_NOT_SET ->
          throw new MalformedMessageException("expected a status of a known kind, was none");
    };
  }

  static Decision encode(TxnOutcome outcome) {
    Decision.Builder wire = Decision.newBuilder();
    if (outcome instanceof TxnOutcome.Commit commit) {
      return wire.setCommit(ResultCodec.encode(commit.branch())).build();
    }
    return wire.setAbort(encode(((TxnOutcome.Abort) outcome).refusal())).build();
  }

  static TxnOutcome decode(Decision wire) throws MalformedMessageException {
    return switch (wire.getOutcomeCase()) {
      case COMMIT ->
          new TxnOutcome.Commit(ResultCodec.decode(wire.getCommit(), wire.getCommitValue()));
      case ABORT -> new TxnOutcome.Abort(decode(wire.getAbort()));
      case OUTCOME_NOT_SET ->
          throw new MalformedMessageException("expected an outcome of a known kind, was none");
    };
  }

  private static FragmentEvaluation encode(Evaluation evaluation) {
    return FragmentEvaluation.newBuilder()
        .setConditionsHold(evaluation.conditionsHold())
        .setThen(encode(evaluation.then()))
        .setOtherwise(encode(evaluation.otherwise()))
        .build();
  }

  private static Evaluation decode(FragmentEvaluation wire) throws MalformedMessageException {
    return new Evaluation(
        wire.getConditionsHold(), decode(wire.getThen()), decode(wire.getOtherwise()));
  }

  private static BranchEvaluation encode(BranchResult result) {
    BranchEvaluation.Builder wire = BranchEvaluation.newBuilder();
    if (result instanceof BranchResult.Results results) {
      for (OperationResult each : results.results()) {
        wire.addResults(ResultCodec.encode(each));
      }
    } else {
      wire.setImpossible(encode(((BranchResult.Impossible) result).refusal()));
    }
    return wire.build();
  }

  private static BranchResult decode(BranchEvaluation wire) throws MalformedMessageException {
    return wire.hasImpossible()
        ? new BranchResult.Impossible(decode(wire.getImpossible()))
        : new BranchResult.Results(ResultCodec.decodeAll(wire.getResultsList()));
  }

  private static ModelRefusal encode(Refusal refusal) {
    return ModelRefusal.newBuilder()
        .setReason(refusal.reason().code())
        .setDetail(refusal.detail())
        .build();
  }

  private static Refusal decode(ModelRefusal wire) throws MalformedMessageException {
    Refusal.Reason reason =
        Arrays.stream(Refusal.Reason.values())
            .filter(candidate -> candidate.code() == wire.getReason())
            .findFirst()
            .orElseThrow(
                () ->
                    new MalformedMessageException(
                        "expected a known reason of a refusal, was " + wire.getReason()));
    return new Refusal(reason, wire.getDetail());
  }

  private static List<Long> numbers(List<GroupId> groups) {
    List<Long> numbers = new ArrayList<>(groups.size());
    groups.forEach(group -> numbers.add(group.number()));
    return numbers;
  }

  private static HybridTimestamp time(long packed) {
    return HybridTimestamp.fromPacked(packed);
  }
}
