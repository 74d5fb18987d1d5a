package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.OutcomeQuestion;
import dev.ostrakon.protocol.OutcomeReport;
import dev.ostrakon.protocol.ScanPage;
import dev.ostrakon.protocol.ScanRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The data of a fake cluster, shared by its nodes: one lock, exactly once by request id. */
final class FakeStore {
  private final TreeMap<Key, ScanPage.Entry> data = new TreeMap<>();
  private final Map<RequestId, RequestOutcome.Committed> finished = new HashMap<>();
  private final Set<RequestId> refused = new HashSet<>();
  private final Map<RequestId, Integer> sendings = new HashMap<>();
  private final Map<RequestId, Set<HybridTimestamp>> issued = new HashMap<>();
  private long version = 1L << 40;

  /** A page ends early after so many entries, as at a key that is being changed. */
  volatile int pageEntriesMax = Integer.MAX_VALUE;

  private long executions;
  private long watermark;

  /** How often anything was carried out. */
  synchronized long executions() {
    return executions;
  }

  /** How often the most often sent request was sent. */
  synchronized int sendingsMax() {
    return sendings.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Whether every request said the same time of its first sending, however often it was sent. */
  synchronized boolean isIssuedOnce() {
    return issued.values().stream().allMatch(times -> times.size() == 1);
  }

  synchronized long watermark() {
    return watermark;
  }

  synchronized Optional<String> get(String key) {
    return Optional.ofNullable(data.get(Key.utf8(key))).map(e -> e.value().bytes().toUtf8());
  }

  synchronized void note(KvCall call) {
    if (call instanceof KvCall.Execute execute) {
      Request request = execute.request();
      sendings.merge(request.id().request(), 1, Integer::sum);
      issued
          .computeIfAbsent(request.id().request(), ignored -> new HashSet<>())
          .add(request.issuedAt());
      watermark = Math.max(watermark, request.acknowledgement().watermark());
    }
  }

  synchronized KvAnswer carryOut(KvCall call, Configuration configuration) {
    if (call instanceof KvCall.Execute execute) {
      RequestId id = execute.request().id().request();
      RequestOutcome.Committed done = finished.get(id);
      if (done == null) {
        done = run(execute.request().transaction());
        executions++;
        finished.put(id, done);
      }
      return new KvAnswer.Done(done);
    } else if (call instanceof KvCall.Read read) {
      return new KvAnswer.Done(run(read.transaction()));
    } else if (call instanceof KvCall.Scan scan) {
      return new KvAnswer.Page(page(scan.range(), configuration));
    }
    return new KvAnswer.Report(report(((KvCall.AskOutcome) call).question()));
  }

  private OutcomeReport report(OutcomeQuestion question) {
    RequestId id = question.request();
    RequestOutcome.Committed done = finished.get(id);
    if (done != null) {
      return new OutcomeReport.Committed(done);
    }
    refused.add(id);
    return question.issuedAt().equals(HybridTimestamp.ZERO)
        ? new OutcomeReport.NotHeardOf()
        : new OutcomeReport.NeverExecuted();
  }

  private ScanPage page(ScanRange range, Configuration configuration) {
    List<ScanPage.Entry> entries = new ArrayList<>();
    boolean more = false;
    for (ScanPage.Entry entry : data.values()) {
      GroupId owner = configuration.ownerOf(configuration.slots().of(entry.key()));
      boolean isInside =
          entry.key().bytes().compareTo(range.from()) >= 0
              && (range.to().isEmpty() || entry.key().bytes().compareTo(range.to()) < 0);
      if (owner.equals(range.group()) && isInside) {
        if (entries.size() == Math.min(pageEntriesMax, range.limit())) {
          more = true;
          break;
        }
        entries.add(entry);
      }
    }
    return new ScanPage(entries, more, configuration.number());
  }

  private RequestOutcome.Committed run(Transaction transaction) {
    HybridTimestamp now = HybridTimestamp.fromPacked(++version);
    boolean holds = transaction.conditions().stream().allMatch(this::holds);
    List<OperationResult> results = new ArrayList<>();
    for (Operation operation : holds ? transaction.then() : transaction.otherwise()) {
      results.add(run(operation, now));
    }
    return new RequestOutcome.Committed(now, holds ? Branch.THEN : Branch.OTHERWISE, results);
  }

  private boolean holds(Condition condition) {
    ScanPage.Entry entry = data.get(condition.key());
    if (condition instanceof Condition.Exists) {
      return entry != null;
    } else if (condition instanceof Condition.Missing) {
      return entry == null;
    } else if (condition instanceof Condition.ValueIs is) {
      return entry != null && entry.value().equals(is.value());
    } else if (condition instanceof Condition.ValueIsNot isNot) {
      return entry == null || !entry.value().equals(isNot.value());
    } else if (condition instanceof Condition.VersionIs versionIs) {
      return entry == null
          ? versionIs.version().equals(HybridTimestamp.ZERO)
          : entry.version().equals(versionIs.version());
    }
    Condition.NumberIs number = (Condition.NumberIs) condition;
    return entry != null
        && entry.value().asNumber().isPresent()
        && number.comparison().holds(entry.value().asNumber().getAsLong(), number.bound());
  }

  private OperationResult run(Operation operation, HybridTimestamp now) {
    ScanPage.Entry entry = data.get(operation.key());
    OperationResult before =
        entry == null
            ? new OperationResult.Absent()
            : new OperationResult.Present(entry.value(), entry.version());
    if (operation instanceof Operation.Get) {
      return before;
    }
    Optional<Value> after = Tx.fold(before, List.of(operation));
    if (after.isEmpty()) {
      data.remove(operation.key());
    } else {
      data.put(operation.key(), new ScanPage.Entry(operation.key(), after.get(), now));
    }
    return operation instanceof Operation.Add add && add.wantsValue()
        ? new OperationResult.Present(after.orElseThrow(), now)
        : new OperationResult.Done();
  }
}
