package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.protocol.v1.Committed;
import dev.ostrakon.protocol.v1.OutcomeState;
import dev.ostrakon.protocol.v1.Result;
import dev.ostrakon.protocol.v1.ResultKind;
import dev.ostrakon.protocol.v1.ScanEntry;
import java.util.ArrayList;
import java.util.List;

/** Results of operations, pages of scans and reports of outcomes. */
public final class ResultCodec {
  private static final OperationResult DONE = new OperationResult.Done();
  private static final OperationResult ABSENT = new OperationResult.Absent();
  private static final Result DONE_WIRE =
      Result.newBuilder().setKind(ResultKind.RESULT_KIND_DONE).build();
  private static final Result ABSENT_WIRE =
      Result.newBuilder().setKind(ResultKind.RESULT_KIND_ABSENT).build();

  private ResultCodec() {}

  /** The wire form of what a request gave. */
  public static Committed encode(RequestOutcome.Committed committed) {
    Committed.Builder wire =
        Committed.newBuilder()
            .setTimestamp(committed.timestamp().packed())
            .setBranch(encode(committed.branch()));
    for (OperationResult result : committed.results()) {
      wire.addResults(encode(result));
    }
    return wire.build();
  }

  /** What a request gave, of its wire form. */
  public static RequestOutcome.Committed decode(Committed wire) throws MalformedMessageException {
    return new RequestOutcome.Committed(
        HybridTimestamp.fromPacked(wire.getTimestamp()),
        decode(wire.getBranch(), wire.getBranchValue()),
        decodeAll(wire.getResultsList()));
  }

  static List<OperationResult> decodeAll(List<Result> wire) throws MalformedMessageException {
    List<OperationResult> results = new ArrayList<>(wire.size());
    for (Result result : wire) {
      results.add(decode(result));
    }
    return results;
  }

  static dev.ostrakon.protocol.v1.Branch encode(Branch branch) {
    return switch (branch) {
      case THEN -> dev.ostrakon.protocol.v1.Branch.BRANCH_THEN;
      case OTHERWISE -> dev.ostrakon.protocol.v1.Branch.BRANCH_OTHERWISE;
    };
  }

  static Branch decode(dev.ostrakon.protocol.v1.Branch wire, int number)
      throws MalformedMessageException {
    return switch (wire) {
      case BRANCH_THEN -> Branch.THEN;
      case BRANCH_OTHERWISE -> Branch.OTHERWISE;
      case BRANCH_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException("expected a known branch, was " + number);
    };
  }

  static Result encode(OperationResult result) {
    if (result instanceof OperationResult.Present present) {
      return Result.newBuilder()
          .setKind(ResultKind.RESULT_KIND_PRESENT)
          .setValue(WireBytes.encode(present.value()))
          .setVersion(present.version().packed())
          .build();
    }
    return result instanceof OperationResult.Absent ? ABSENT_WIRE : DONE_WIRE;
  }

  private static OperationResult decode(Result wire) throws MalformedMessageException {
    return switch (wire.getKind()) {
      case RESULT_KIND_DONE -> DONE;
      case RESULT_KIND_ABSENT -> ABSENT;
      case RESULT_KIND_PRESENT ->
          new OperationResult.Present(
              WireBytes.decodeValue(wire.getValue()),
              HybridTimestamp.fromPacked(wire.getVersion()));
      case RESULT_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(
              "expected a result of a known kind, was kind " + wire.getKindValue());
    };
  }

  /** The wire form of a page. */
  public static dev.ostrakon.protocol.v1.ScanPage encode(ScanPage page) {
    dev.ostrakon.protocol.v1.ScanPage.Builder wire =
        dev.ostrakon.protocol.v1.ScanPage.newBuilder()
            .setMore(page.more())
            .setConfiguration(page.configurationNumber());
    for (ScanPage.Entry entry : page.entries()) {
      wire.addEntries(
          ScanEntry.newBuilder()
              .setKey(WireBytes.encode(entry.key()))
              .setValue(WireBytes.encode(entry.value()))
              .setVersion(entry.version().packed()));
    }
    return wire.build();
  }

  /** The page of a wire form. */
  public static ScanPage decode(dev.ostrakon.protocol.v1.ScanPage wire)
      throws MalformedMessageException {
    List<ScanPage.Entry> entries = new ArrayList<>(wire.getEntriesCount());
    for (ScanEntry entry : wire.getEntriesList()) {
      entries.add(
          new ScanPage.Entry(
              WireBytes.decodeKey(entry.getKey()),
              WireBytes.decodeValue(entry.getValue()),
              HybridTimestamp.fromPacked(entry.getVersion())));
    }
    try {
      return new ScanPage(entries, wire.getMore(), wire.getConfiguration());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("page of a scan", e);
    }
  }

  /** The wire form of a report. */
  public static dev.ostrakon.protocol.v1.OutcomeReport encode(OutcomeReport report) {
    dev.ostrakon.protocol.v1.OutcomeReport.Builder wire =
        dev.ostrakon.protocol.v1.OutcomeReport.newBuilder();
    if (report instanceof OutcomeReport.Committed committed) {
      wire.setState(OutcomeState.OUTCOME_STATE_COMMITTED)
          .setCommitted(encode(committed.committed()));
    } else if (report instanceof OutcomeReport.ResultsLost lost) {
      wire.setState(OutcomeState.OUTCOME_STATE_RESULTS_LOST)
          .setCommitted(
              encode(new RequestOutcome.Committed(lost.timestamp(), lost.branch(), List.of())));
    } else if (report instanceof OutcomeReport.Refused refused) {
      wire.setState(OutcomeState.OUTCOME_STATE_NOT_COMMITTED)
          .setReason(ErrorCodec.encode(refused.reason()));
    } else if (report instanceof OutcomeReport.NeverExecuted) {
      wire.setState(OutcomeState.OUTCOME_STATE_NOT_COMMITTED);
    } else if (report instanceof OutcomeReport.NotHeardOf) {
      wire.setState(OutcomeState.OUTCOME_STATE_NOT_HEARD_OF);
    } else if (report instanceof OutcomeReport.Acknowledged) {
      wire.setState(OutcomeState.OUTCOME_STATE_ACKNOWLEDGED);
    } else {
      wire.setState(OutcomeState.OUTCOME_STATE_FORGOTTEN);
    }
    return wire.build();
  }

  /** The report of a wire form. */
  public static OutcomeReport decode(dev.ostrakon.protocol.v1.OutcomeReport wire)
      throws MalformedMessageException {
    return switch (wire.getState()) {
      case OUTCOME_STATE_COMMITTED -> new OutcomeReport.Committed(decode(wire.getCommitted()));
      case OUTCOME_STATE_RESULTS_LOST -> {
        RequestOutcome.Committed committed = decode(wire.getCommitted());
        yield new OutcomeReport.ResultsLost(committed.timestamp(), committed.branch());
      }
      case OUTCOME_STATE_NOT_COMMITTED ->
          wire.hasReason()
              ? new OutcomeReport.Refused(ErrorCodec.decode(wire.getReason()))
              : new OutcomeReport.NeverExecuted();
      case OUTCOME_STATE_NOT_HEARD_OF -> new OutcomeReport.NotHeardOf();
      case OUTCOME_STATE_ACKNOWLEDGED -> new OutcomeReport.Acknowledged();
      case OUTCOME_STATE_FORGOTTEN -> new OutcomeReport.Forgotten();
      case OUTCOME_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(
              "expected a known state of an outcome, was " + wire.getStateValue());
    };
  }
}
