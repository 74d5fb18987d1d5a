package dev.ostrakon.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * What has gathered for the next {@link Ready}. Bounded by the inputs of one turn of the driver.
 */
final class Outbox {

  private final List<Envelope> messages = new ArrayList<>();
  private final List<Envelope> messagesAfterPersist = new ArrayList<>();
  private final List<ReadOutcome> reads = new ArrayList<>();
  private final List<LogFetch> logFetches = new ArrayList<>();
  private final List<ReplicaId> snapshotsToSend = new ArrayList<>();
  private final List<Envelope> snapshotMessages = new ArrayList<>();
  private final List<ReplicaEvent> events = new ArrayList<>();
  private long lastFetchId;

  void send(ReplicaId to, RaftMessage message) {
    messages.add(new Envelope(to, message));
  }

  /** To leave only once everything that this replica holds now is durable. */
  void sendAfterPersist(ReplicaId to, RaftMessage message) {
    messagesAfterPersist.add(new Envelope(to, message));
  }

  void settleRead(long requestId, long readIndex, ReadOutcome.Status status) {
    reads.add(new ReadOutcome(requestId, readIndex, status));
  }

  /** Asks for entries [from, to). Returns the number that the answer will carry. */
  long fetch(long from, long to, int maxBytes) {
    lastFetchId++;
    logFetches.add(new LogFetch(lastFetchId, from, to, maxBytes));
    return lastFetchId;
  }

  void startSnapshot(ReplicaId to) {
    snapshotsToSend.add(to);
    events.add(new ReplicaEvent.SnapshotTransferStarted(to));
  }

  void passOn(ReplicaId from, RaftMessage snapshotMessage) {
    snapshotMessages.add(new Envelope(from, snapshotMessage));
  }

  void report(ReplicaEvent event) {
    events.add(event);
  }

  boolean isEmpty() {
    return messages.isEmpty()
        && messagesAfterPersist.isEmpty()
        && reads.isEmpty()
        && logFetches.isEmpty()
        && snapshotsToSend.isEmpty()
        && snapshotMessages.isEmpty()
        && events.isEmpty();
  }

  Ready toReady(long number, LogWrite logWrite, List<LogEntry> committed) {
    return new Ready(
        number,
        logWrite,
        messages,
        messagesAfterPersist,
        committed,
        reads,
        logFetches,
        snapshotsToSend,
        snapshotMessages,
        events);
  }

  void clear() {
    messages.clear();
    messagesAfterPersist.clear();
    reads.clear();
    logFetches.clear();
    snapshotsToSend.clear();
    snapshotMessages.clear();
    events.clear();
  }
}
