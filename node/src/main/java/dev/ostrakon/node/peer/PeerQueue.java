package dev.ostrakon.node.peer;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.codec.FrameEncoder;
import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.raft.ReplicaId;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What waits to be sent to one peer: bounded in bytes and in messages, and ordered by urgency.
 *
 * <p>Confined to one event loop. Nothing here blocks; what does not fit is dropped.
 */
final class PeerQueue {

  /* Four lanes, each in order of arrival; Raft bears the reordering between them.
   *
   * 1. Heartbeats and their answers. Only the newest of each pair of replicas is kept: it says all
   *    that an older one says. So this lane is bounded by the number of groups.
   * 2. Control: votes, answers, questions for read indexes. Small, and somebody waits for each.
   * 3. Entries.
   * 4. Chunks of snapshots, at most one a frame and, while entries wait, only every second frame.
   *
   * So a transfer of any size delays a heartbeat by what is already on its way and no more, and
   * neither entries nor snapshots starve.
   */

  private record HeartbeatKey(GroupId group, ReplicaId from, ReplicaId to) {}

  private final long bytesMax;
  private final int messagesMax;
  private final Map<HeartbeatKey, RoutedMessage> heartbeats = new LinkedHashMap<>();
  private final Map<HeartbeatKey, RoutedMessage> heartbeatResponses = new LinkedHashMap<>();
  private final ArrayDeque<RoutedMessage> control = new ArrayDeque<>();
  private final ArrayDeque<RoutedMessage> entries = new ArrayDeque<>();
  private final ArrayDeque<RoutedMessage> chunks = new ArrayDeque<>();

  /** Invariant: bytes = sum of the sizes of what waits in control, entries and chunks. */
  private long bytes;

  private boolean lastFrameHadChunk;

  PeerQueue(long bytesMax, int messagesMax) {
    this.bytesMax = bytesMax;
    this.messagesMax = messagesMax;
  }

  /** Adds a message; false if there was no room and it was dropped. */
  boolean offer(RoutedMessage routed) {
    return switch (routed.message().kind()) {
      case HEARTBEAT -> offerNewest(heartbeats, routed);
      case HEARTBEAT_RESPONSE -> offerNewest(heartbeatResponses, routed);
      case APPEND_ENTRIES -> offerLast(entries, routed);
      case INSTALL_SNAPSHOT -> offerLast(chunks, routed);
      case PRE_VOTE,
          PRE_VOTE_RESPONSE,
          REQUEST_VOTE,
          REQUEST_VOTE_RESPONSE,
          APPEND_ENTRIES_RESPONSE,
          APPEND_ENTRIES_REJECTION,
          INSTALL_SNAPSHOT_RESPONSE,
          TIMEOUT_NOW,
          READ_INDEX,
          READ_INDEX_RESPONSE ->
          offerLast(control, routed);
    };
  }

  /** Moves the most urgent messages into a frame until it holds {@code frameBytesMax} or more. */
  void fill(FrameEncoder frame, int frameBytesMax) {
    fillHeartbeats(heartbeats, frame, frameBytesMax);
    fillHeartbeats(heartbeatResponses, frame, frameBytesMax);
    fillFrom(control, frame, frameBytesMax);
    boolean entriesWaited = !entries.isEmpty();
    fillFrom(entries, frame, frameBytesMax);
    boolean chunkIsDue = !entriesWaited || !lastFrameHadChunk;
    lastFrameHadChunk = chunkIsDue && !chunks.isEmpty();
    if (lastFrameHadChunk) {
      frame.add(take(chunks));
    }
  }

  /** Moves everything out, most urgent first. */
  void drainTo(Consumer<RoutedMessage> receiver) {
    heartbeats.values().forEach(receiver);
    heartbeatResponses.values().forEach(receiver);
    control.forEach(receiver);
    entries.forEach(receiver);
    chunks.forEach(receiver);
    clear();
  }

  /** Drops everything; returns how many messages that were. */
  int clear() {
    int count = messageCount();
    heartbeats.clear();
    heartbeatResponses.clear();
    control.clear();
    entries.clear();
    chunks.clear();
    bytes = 0;
    return count;
  }

  boolean isEmpty() {
    return messageCount() == 0;
  }

  int messageCount() {
    return heartbeats.size()
        + heartbeatResponses.size()
        + control.size()
        + entries.size()
        + chunks.size();
  }

  long bytes() {
    return bytes;
  }

  private boolean offerNewest(Map<HeartbeatKey, RoutedMessage> lane, RoutedMessage routed) {
    HeartbeatKey key = new HeartbeatKey(routed.group(), routed.from(), routed.to());
    if (!lane.containsKey(key) && messageCount() >= messagesMax) {
      return false;
    }
    lane.put(key, routed);
    return true;
  }

  private boolean offerLast(ArrayDeque<RoutedMessage> lane, RoutedMessage routed) {
    int size = routed.sizeBytes();
    if (messageCount() >= messagesMax || bytes + size > bytesMax) {
      return false;
    }
    bytes += size;
    lane.addLast(routed);
    return true;
  }

  private static void fillHeartbeats(
      Map<HeartbeatKey, RoutedMessage> lane, FrameEncoder frame, int frameBytesMax) {
    Iterator<RoutedMessage> waiting = lane.values().iterator();
    while (waiting.hasNext() && frame.sizeBytes() < frameBytesMax) {
      frame.add(waiting.next());
      waiting.remove();
    }
  }

  private void fillFrom(ArrayDeque<RoutedMessage> lane, FrameEncoder frame, int frameBytesMax) {
    while (!lane.isEmpty() && frame.sizeBytes() < frameBytesMax) {
      frame.add(take(lane));
    }
  }

  private RoutedMessage take(ArrayDeque<RoutedMessage> lane) {
    RoutedMessage routed = lane.removeFirst();
    bytes -= routed.sizeBytes();
    return routed;
  }
}
