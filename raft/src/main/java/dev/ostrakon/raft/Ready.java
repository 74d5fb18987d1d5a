package dev.ostrakon.raft;

import java.util.List;

/**
 * Everything that a {@link RaftNode} wants done, in one immutable value.
 *
 * <p>That a message leaves only after what it promises is durable is not a matter of the order of
 * statements in the driver but of which list the message is in.
 *
 * @param number counts from 1 without gaps; names the completion of {@code logWrite}
 * @param logWrite to be made durable; writes of successive Readys complete in order
 * @param messages may leave now (a leader replicates in parallel with its own disk, Ongaro thesis
 *     10.2.1)
 * @param messagesAfterPersist may leave once {@code logWrite} and those of all earlier Readys are
 *     durable
 * @param committed consecutive entries to hand to the state machine, following those of earlier
 *     Readys
 * @param reads reads whose question for a read index is settled
 * @param logFetches entries wanted from the log storage
 * @param snapshotsToSend followers to whom a transfer of the newest checkpoint is to be started
 * @param snapshotMessages incoming chunks and transfer progress of the current term, sender in
 *     {@link Envelope#peer}, for the driver's transfers
 * @param events transitions, for logs, metrics and traces
 */
public record Ready(
    long number,
    LogWrite logWrite,
    List<Envelope> messages,
    List<Envelope> messagesAfterPersist,
    List<LogEntry> committed,
    List<ReadOutcome> reads,
    List<LogFetch> logFetches,
    List<ReplicaId> snapshotsToSend,
    List<Envelope> snapshotMessages,
    List<ReplicaEvent> events) {

  public Ready {
    messages = List.copyOf(messages);
    messagesAfterPersist = List.copyOf(messagesAfterPersist);
    committed = List.copyOf(committed);
    reads = List.copyOf(reads);
    logFetches = List.copyOf(logFetches);
    snapshotsToSend = List.copyOf(snapshotsToSend);
    snapshotMessages = List.copyOf(snapshotMessages);
    events = List.copyOf(events);
  }
}
