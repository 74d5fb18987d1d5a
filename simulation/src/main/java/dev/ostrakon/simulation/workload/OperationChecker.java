package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.simulation.check.Findings;
import dev.ostrakon.simulation.check.GroupHistory;
import dev.ostrakon.simulation.check.Invariant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks what clients are told, while they are told.
 *
 * <p>Every command gives its register a new version, and the committed log gives the order of the
 * commands. So the operations on a register are linearizable if and only if (a) each result is the
 * one that the log gives, and (b) an operation shows no version older than what any operation that
 * had ended before it began had shown, and a command a newer one.
 */
final class OperationChecker {

  private record RegisterId(int group, int register) {}

  private final Findings findings;
  private final Map<Integer, RegisterModel> models = new LinkedHashMap<>();

  /** The newest version that anybody was told of. */
  private final Map<RegisterId, Long> shown = new HashMap<>();

  /** Commands that were refused for certain, by group. */
  private final Map<Integer, List<Long>> refused = new LinkedHashMap<>();

  OperationChecker(Findings findings) {
    this.findings = findings;
  }

  private RegisterModel model(int group) {
    return models.computeIfAbsent(group, ignored -> new RegisterModel());
  }

  void onCommitted(GroupHistory history, LogEntry entry) {
    if (model(history.shape().group()).add(entry)) {
      findings.report(Invariant.EXACTLY_ONCE, "the command of " + entry + " was committed before");
    }
  }

  /** What an operation that begins now must not fall behind. */
  long versionShown(int group, int register) {
    return shown.getOrDefault(new RegisterId(group, register), 0L);
  }

  void onApplied(Operation operation, EntryId entry, CommandResult result) {
    Optional<RegisterModel.Placed> placed = model(operation.group()).find(operation.id());
    if (placed.isEmpty() || placed.get().index() != entry.index()) {
      findings.report(
          Invariant.EXACTLY_ONCE,
          operation + " was acknowledged at " + entry + ", committed is " + placed);
    } else if (!placed.get().result().equals(result)) {
      findings.report(
          Invariant.RESULT,
          operation + " was told " + result + ", expected " + placed.get().result());
    }
    if (result.version() <= operation.versionBefore()) {
      findings.report(
          Invariant.LINEARIZABLE,
          operation
              + " made version "
              + result.version()
              + ", before it began was shown "
              + operation.versionBefore());
    }
    show(operation, result.version());
  }

  void onRead(Operation operation, RegisterValue value) {
    if (!model(operation.group()).had(operation.register(), value)) {
      findings.report(
          Invariant.LINEARIZABLE, operation + " read " + value + ", which was never committed");
    }
    if (value.version() < operation.versionBefore()) {
      findings.report(
          Invariant.LINEARIZABLE,
          operation
              + " read version "
              + value.version()
              + ", before it began was shown "
              + operation.versionBefore());
    }
    show(operation, value.version());
  }

  private void show(Operation operation, long version) {
    shown.merge(new RegisterId(operation.group(), operation.register()), version, Math::max);
  }

  void onRefused(Operation operation) {
    refused.computeIfAbsent(operation.group(), ignored -> new ArrayList<>()).add(operation.id());
  }

  /** At the end of a run: what was refused must not have happened. */
  void checkRefused() {
    refused.forEach(
        (group, ids) -> {
          for (long id : ids) {
            if (model(group).find(id).isPresent()) {
              findings.report(
                  Invariant.EXACTLY_ONCE,
                  "command " + id + " of g" + group + " was refused and committed all the same");
            }
          }
        });
  }
}
