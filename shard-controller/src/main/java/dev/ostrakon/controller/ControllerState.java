package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Refused;
import dev.ostrakon.controller.ControllerAnswer.Unchanged;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.Invariants;
import dev.ostrakon.replica.StateStore;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the controller knows, kept in memory as far as it decides from it. Every change is written
 * to the state store at once, so that the store always holds the state of the last applied entry.
 */
final class ControllerState {
  private final StateStore store;
  private final ConfigurationHistory history;
  private final FinishedRequests finished;

  private Optional<Founded> founded;
  private HybridTimestamp clock;

  /** What was found in the store. */
  record Stored(
      Founded founded,
      HybridTimestamp clock,
      HybridTimestamp floor,
      SortedMap<RequestId, FinishedRequest> finished) {}

  /** The state of a group that was never founded. */
  static ControllerState empty(StateStore store) {
    return new ControllerState(
        store, Optional.empty(), HybridTimestamp.ZERO, HybridTimestamp.ZERO, new TreeMap<>());
  }

  /** The state that the store holds. */
  static ControllerState of(StateStore store, Stored stored) {
    return new ControllerState(
        store, Optional.of(stored.founded()), stored.clock(), stored.floor(), stored.finished());
  }

  private ControllerState(
      StateStore store,
      Optional<Founded> founded,
      HybridTimestamp clock,
      HybridTimestamp floor,
      SortedMap<RequestId, FinishedRequest> stored) {
    this.store = store;
    this.history = new ConfigurationHistory(store);
    this.finished = new FinishedRequests(floor, stored, new FinishedRows(store));
    this.founded = founded;
    this.clock = clock;
  }

  Optional<Configuration> configuration() {
    return founded.map(known -> known.assignment().configuration());
  }

  Optional<ControllerRules> rules() {
    return founded.map(Founded::rules);
  }

  HybridTimestamp clock() {
    return clock;
  }

  ConfigurationHistory history() {
    return history;
  }

  /** Carries out an entry, or finds the answer that its request has had before. */
  ControllerAnswer apply(ControllerEntry entry) {
    ControllerRequest request = entry.request();
    if (founded.isEmpty() && !(request.command() instanceof ControllerCommand.Found)) {
      // Nothing is changed, not even the clock: a state that is not founded has no rows.
      return answerTo(Reconfiguration.decide(founded, request.command()));
    }
    clock = HybridTimestamp.max(clock, entry.timestamp());
    founded.ifPresent(known -> finished.forgetThrough(endOfWindow(known.rules())));
    finished.acknowledge(request);
    ControllerAnswer answer = finished.answerOf(request).orElseGet(() -> carryOut(request));
    founded.ifPresent(this::putHead);
    return answer;
  }

  /** Requests issued at or before this moment are older than the window. */
  private HybridTimestamp endOfWindow(ControllerRules rules) {
    long wallMillis = clock.wallMillis() - rules.windowMillis();
    return wallMillis < 0 ? HybridTimestamp.ZERO : new HybridTimestamp(wallMillis, 0);
  }

  private ControllerAnswer carryOut(ControllerRequest request) {
    ControllerAnswer answer = answerTo(Reconfiguration.decide(founded, request.command()));
    finished.remember(request, answer);
    founded.ifPresent(known -> finished.keepAtMost(known.rules().finishedRequestsMax()));
    return answer;
  }

  private ControllerAnswer answerTo(Decision decision) {
    return decision instanceof Decision.Accepted accepted
        ? advanceTo(accepted.next())
        : new Refused(((Decision.Refused) decision).refusal());
  }

  private ControllerAnswer advanceTo(Founded next) {
    Optional<Configuration> before = configuration();
    Configuration after = next.assignment().configuration();
    boolean samePins =
        founded.isPresent()
            && founded.get().assignment().pinned().equals(next.assignment().pinned());
    founded = Optional.of(next);
    if (!samePins) {
      store.put(StateRows.PINNED_KEY, StateRows.pinned(next.assignment().pinned()));
    }
    if (before.isEmpty()) {
      history.putInitial(after);
      return new Reconfigured(after.number());
    }
    if (before.get().number() == after.number()) {
      return new Unchanged(after.number());
    }
    Invariants.check(
        after.number() == before.get().number() + 1,
        "configurations are numbered without gaps",
        before.get().number(),
        after.number());
    history.putNext(before.get(), after);
    return new Reconfigured(after.number());
  }

  private void putHead(Founded known) {
    store.put(
        StateRows.HEAD_KEY,
        StateRows.head(
            new StateRows.Head(
                clock,
                finished.floor(),
                known.assignment().configuration().number(),
                known.rules())));
  }

  void checkInvariants() {
    finished.checkInvariants();
    founded.ifPresent(
        known -> {
          Assignment assignment = known.assignment();
          int slots = known.rules().slots().count();
          Invariants.check(
              assignment.configuration().owners().size() == slots,
              "every slot has an owner",
              assignment.configuration().owners().size(),
              slots);
          Invariants.check(
              assignment.pinned().isEmpty() || assignment.pinned().last().number() < slots,
              "pinned slots exist");
        });
  }

  private record FinishedRows(StateStore store) implements FinishedRequests.Changes {
    @Override
    public void remembered(RequestId id, FinishedRequest request) {
      store.put(StateRows.finishedKey(id), StateRows.finished(request));
    }

    @Override
    public void forgotten(RequestId id) {
      store.delete(StateRows.finishedKey(id));
    }
  }
}
