package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.Invariants;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The memory of requests that ended, which makes them take effect once however often they arrive.
 *
 * <p>Three things let it forget: the client's acknowledgement, the window, and its bound. The last
 * two raise the <b>floor</b>: requests issued at or before it are refused, because whether they
 * were carried out is no longer known. An acknowledgement leaves one record for the client, at the
 * highest acknowledged sequence, which stands for all lower ones.
 *
 * <p>Invariant: every record was issued after the floor. Invariant: a client's acknowledgement is
 * the first of its records.
 */
final class FinishedRequests {
  /** Is told of every change, so that it can be stored. */
  interface Changes {
    void remembered(RequestId id, FinishedRequest request);

    void forgotten(RequestId id);
  }

  private record Aged(HybridTimestamp issuedAt, RequestId id) implements Comparable<Aged> {
    @Override
    public int compareTo(Aged other) {
      int byAge = issuedAt.compareTo(other.issuedAt);
      return byAge != 0 ? byAge : id.compareTo(other.id);
    }
  }

  private final Changes changes;
  private final TreeMap<RequestId, FinishedRequest> byId = new TreeMap<>();
  private final TreeSet<Aged> byAge = new TreeSet<>();
  private HybridTimestamp floor;

  /** Starts with what was stored. */
  FinishedRequests(
      HybridTimestamp floor, SortedMap<RequestId, FinishedRequest> stored, Changes changes) {
    this.floor = floor;
    this.changes = changes;
    stored.forEach(this::index);
  }

  HybridTimestamp floor() {
    return floor;
  }

  int size() {
    return byId.size();
  }

  /** The answer that a request has had, or a refusal if that is forgotten; empty if it is new. */
  Optional<ControllerAnswer> answerOf(ControllerRequest request) {
    RequestId id = request.id();
    if (!request.issuedAt().isAfter(floor)) {
      return Optional.of(
          forgotten(
              "%s was first sent at %s and answers are remembered from after %s on"
                  .formatted(id, request.issuedAt(), floor)));
    }
    FinishedRequest exact = byId.get(id);
    if (exact != null && exact.answer().isPresent()) {
      return exact.fingerprint() == EntryCodec.fingerprint(request.command())
          ? exact.answer()
          : Optional.of(reused(id));
    }
    return id.sequence() <= acknowledgedThrough(id.client())
        ? Optional.of(forgotten(id + " was acknowledged by its client, which has the answer"))
        : Optional.empty();
  }

  /** The sequence of the client's acknowledgement, 0 if there is none. */
  private long acknowledgedThrough(ClientId client) {
    Map.Entry<RequestId, FinishedRequest> first = byId.ceilingEntry(new RequestId(client, 1));
    boolean found =
        first != null
            && first.getKey().client().equals(client)
            && first.getValue().isAcknowledgement();
    return found ? first.getKey().sequence() : 0;
  }

  private static ControllerAnswer forgotten(String problem) {
    return new ControllerAnswer.Refused(
        new ControllerRefusal(
            Reason.OUTCOME_FORGOTTEN,
            problem + "; whether it had its effect is seen in the configurations"));
  }

  private static ControllerAnswer reused(RequestId id) {
    return new ControllerAnswer.Refused(
        new ControllerRefusal(
            Reason.REQUEST_REUSED,
            id
                + " was sent before with another command, whose answer this would be; a command of"
                + " its own needs an id of its own"));
  }

  void remember(ControllerRequest request, ControllerAnswer answer) {
    if (request.issuedAt().isAfter(floor)) {
      int fingerprint = EntryCodec.fingerprint(request.command());
      put(request.id(), FinishedRequest.answered(request.issuedAt(), fingerprint, answer));
    }
  }

  /** Forgets the answers that the client of this request says it has. */
  void acknowledge(ControllerRequest request) {
    ClientId client = request.id().client();
    if (request.acknowledgedThrough() <= acknowledgedThrough(client)
        || !request.issuedAt().isAfter(floor)) {
      return;
    }
    RequestId through = new RequestId(client, request.acknowledgedThrough());
    RequestId first = new RequestId(client, 1);
    HybridTimestamp latest = request.issuedAt();
    for (RequestId id : List.copyOf(byId.subMap(first, true, through, true).keySet())) {
      latest = HybridTimestamp.max(latest, forget(id));
    }
    put(through, FinishedRequest.acknowledged(latest));
  }

  /** Raises the floor, if it is lower, and forgets what was issued at or before it. */
  void forgetThrough(HybridTimestamp newFloor) {
    floor = HybridTimestamp.max(floor, newFloor);
    while (!byAge.isEmpty() && !byAge.first().issuedAt().isAfter(floor)) {
      forget(byAge.first().id());
    }
  }

  /** Forgets one record and returns when its request was issued. */
  private HybridTimestamp forget(RequestId id) {
    FinishedRequest request = byId.remove(id);
    if (request == null) {
      throw new InvariantViolation("only what is known can be forgotten, was " + id);
    }
    byAge.remove(new Aged(request.issuedAt(), id));
    changes.forgotten(id);
    return request.issuedAt();
  }

  /** Forgets the oldest beyond this number. */
  void keepAtMost(int count) {
    while (byId.size() > count) {
      forgetThrough(byAge.first().issuedAt());
    }
  }

  void checkInvariants() {
    Invariants.check(byId.size() == byAge.size(), "records by id and by age differ");
    RequestId previous = null;
    for (Map.Entry<RequestId, FinishedRequest> entry : byId.entrySet()) {
      Invariants.check(
          entry.getValue().issuedAt().isAfter(floor), "a record was issued after the floor");
      Invariants.check(
          !entry.getValue().isAcknowledgement()
              || previous == null
              || !previous.client().equals(entry.getKey().client()),
          "a client's acknowledgement is the first of its records");
      previous = entry.getKey();
    }
  }

  private void put(RequestId id, FinishedRequest request) {
    index(id, request);
    changes.remembered(id, request);
  }

  private void index(RequestId id, FinishedRequest request) {
    FinishedRequest before = byId.put(id, request);
    if (before != null) {
      byAge.remove(new Aged(before.issuedAt(), id));
    }
    byAge.add(new Aged(request.issuedAt(), id));
  }
}
