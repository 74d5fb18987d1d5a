package dev.ostrakon.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.node.codec.FrameDecoder;
import dev.ostrakon.node.codec.FrameEncoder;
import dev.ostrakon.node.codec.MalformedMessageException;
import dev.ostrakon.node.codec.RoutedMessage;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerQueueTest {

  private static final int FRAME_BYTES = 10_000;

  private final PeerQueue queue = new PeerQueue(100_000, 100);

  @Test
  void urgent_messages_overtake_what_waits() throws Exception {
    queue.offer(chunk(0));
    queue.offer(append(1));
    queue.offer(message(new RaftMessage.TimeoutNow(2)));
    queue.offer(message(new RaftMessage.Heartbeat(3, 1, 1)));
    assertThat(frame())
        .extracting(RoutedMessage::message)
        .extracting(RaftMessage::kind)
        .containsExactly(
            RaftMessage.Kind.HEARTBEAT,
            RaftMessage.Kind.TIMEOUT_NOW,
            RaftMessage.Kind.APPEND_ENTRIES,
            RaftMessage.Kind.INSTALL_SNAPSHOT);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void only_the_newest_heartbeat_of_a_pair_of_replicas_waits() throws Exception {
    for (int round = 1; round <= 1000; round++) {
      assertThat(queue.offer(message(new RaftMessage.Heartbeat(3, 1, round)))).isTrue();
      assertThat(queue.offer(message(new RaftMessage.HeartbeatResponse(3, round)))).isTrue();
    }
    assertThat(queue.messageCount()).isEqualTo(2);
    assertThat(frame())
        .extracting(RoutedMessage::message)
        .containsExactly(
            new RaftMessage.Heartbeat(3, 1, 1000), new RaftMessage.HeartbeatResponse(3, 1000));
  }

  @Test
  void entries_and_chunks_share_the_frames_and_neither_starves() throws Exception {
    for (int i = 0; i < 8; i++) {
      queue.offer(append(FRAME_BYTES));
    }
    for (int i = 0; i < 4; i++) {
      queue.offer(chunk(1));
    }
    List<Integer> chunksPerFrame = new ArrayList<>();
    while (!queue.isEmpty()) {
      chunksPerFrame.add(
          (int)
              frame().stream()
                  .filter(m -> m.message().kind() == RaftMessage.Kind.INSTALL_SNAPSHOT)
                  .count());
    }
    assertThat(chunksPerFrame).containsExactly(1, 0, 1, 0, 1, 0, 1, 0);
  }

  @Test
  void a_frame_ends_once_it_is_large_enough() throws Exception {
    for (int i = 0; i < 6; i++) {
      queue.offer(append(FRAME_BYTES / 3));
    }
    assertThat(frame()).hasSize(3);
    assertThat(frame()).hasSize(3);
  }

  @Test
  void what_exceeds_the_bytes_is_dropped() {
    int accepted = 0;
    for (int i = 0; i < 30; i++) {
      accepted += queue.offer(append(10_000)) ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(9);
    assertThat(queue.bytes()).isLessThanOrEqualTo(100_000);
  }

  @Test
  void what_exceeds_the_number_of_messages_is_dropped() {
    for (int i = 0; i < 100; i++) {
      assertThat(queue.offer(message(new RaftMessage.TimeoutNow(i)))).isTrue();
    }
    assertThat(queue.offer(message(new RaftMessage.TimeoutNow(100)))).isFalse();
    assertThat(queue.offer(message(new RaftMessage.Heartbeat(1, 1, 1)))).isFalse();
    assertThat(queue.clear()).isEqualTo(100);
    assertThat(queue.offer(message(new RaftMessage.TimeoutNow(100)))).isTrue();
  }

  private List<RoutedMessage> frame() throws MalformedMessageException {
    FrameEncoder encoder = new FrameEncoder();
    queue.fill(encoder, FRAME_BYTES);
    List<RoutedMessage> messages = new ArrayList<>();
    FrameDecoder.decode(encoder.finish(0, 0, 0, 0), messages::add);
    assertThat(messages).hasSize(encoder.messageCount());
    return messages;
  }

  private static RoutedMessage message(RaftMessage message) {
    return new RoutedMessage(new GroupId(1), new ReplicaId(1), new ReplicaId(2), message);
  }

  private static RoutedMessage append(int payloadBytes) {
    LogEntry entry = new LogEntry(10, 3, EntryKind.COMMAND, Bytes.wrap(new byte[payloadBytes]));
    return message(new RaftMessage.AppendEntries(3, new EntryId(3, 9), List.of(entry), 8, 1));
  }

  private static RoutedMessage chunk(long sequence) {
    SnapshotMetadata metadata = new SnapshotMetadata(new EntryId(3, 9), Membership.EMPTY);
    return message(
        new RaftMessage.InstallSnapshot(3, 1, metadata, sequence, Bytes.utf8("data"), 0, false));
  }
}
