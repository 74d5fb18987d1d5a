package dev.ostrakon.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.protocol.v1.AppendEntries;
import dev.ostrakon.protocol.v1.AppendEntriesResponse;
import dev.ostrakon.protocol.v1.Entry;
import dev.ostrakon.protocol.v1.GroupMessage;
import dev.ostrakon.protocol.v1.Heartbeats;
import dev.ostrakon.protocol.v1.InstallSnapshotResponse;
import dev.ostrakon.protocol.v1.PeerFrame;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameCodecTest {

  private static final long TIMESTAMP = 0x0123_4567_89ab_cdefL;
  private static final long WALL = 1_700_000_000_123L;
  private static final long UPTIME = 4_711;
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);

  @ParameterizedTest
  @EnumSource(RaftMessage.Kind.class)
  void every_kind_survives_the_round_trip(RaftMessage.Kind kind) throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      RoutedMessage sent = new MessageArbitraries(seed).routed(kind);
      assertThat(roundTrip(List.of(sent))).as("seed %d", seed).containsExactly(sent);
    }
  }

  @Property(tries = 300)
  void a_frame_of_many_messages_survives_the_round_trip(@ForAll long seed) throws Exception {
    RandomSource random = new RandomSource(seed);
    MessageArbitraries messages = new MessageArbitraries(seed);
    List<RoutedMessage> sent = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      List<RaftMessage.Kind> kinds = List.of(RaftMessage.Kind.values());
      sent.add(messages.routed(kinds.get(random.nextInt(kinds.size()))));
    }
    assertThat(roundTrip(sent)).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Property(tries = 1000)
  void corrupted_frames_are_refused_with_the_one_typed_exception(@ForAll long seed) {
    RandomSource random = new RandomSource(seed);
    MessageArbitraries messages = new MessageArbitraries(seed);
    FrameEncoder encoder = new FrameEncoder();
    for (RaftMessage.Kind kind : RaftMessage.Kind.values()) {
      encoder.add(messages.routed(kind));
    }
    byte[] wire = encoder.finish(TIMESTAMP, WALL, UPTIME, 0).toByteArray();
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      wire[random.nextInt(wire.length)] = (byte) random.nextLong();
    }
    // Either it still says something, or it is refused by exactly these two types.
    try {
      FrameDecoder.decode(PeerFrame.parseFrom(wire), message -> {});
    } catch (InvalidProtocolBufferException | MalformedMessageException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  @Test
  void heartbeats_of_all_groups_travel_as_one_message() {
    FrameEncoder encoder = new FrameEncoder();
    for (int group = 0; group < 1000; group++) {
      encoder.add(
          new RoutedMessage(
              new GroupId(group), ONE, TWO, new RaftMessage.Heartbeat(5, 1_000_000, 70_000)));
    }
    PeerFrame frame = encoder.finish(TIMESTAMP, WALL, UPTIME, 0);
    assertThat(frame.getMessagesCount()).isZero();
    assertThat(frame.getHeartbeats().getGroupCount()).isEqualTo(1000);
    assertThat(frame.getSerializedSize()).isLessThan(1000 * 12);
  }

  @Test
  void the_clocks_of_the_sender_travel_along() throws Exception {
    byte[] wire = new FrameEncoder().finish(TIMESTAMP, WALL, UPTIME, 0).toByteArray();
    PeerFrame frame = PeerFrame.parseFrom(wire);
    assertThat(frame.getTimestamp()).isEqualTo(TIMESTAMP);
    assertThat(frame.getClocks().getWallMillis()).isEqualTo(WALL);
    assertThat(frame.getClocks().getUptimeMillis()).isEqualTo(UPTIME);
  }

  @Test
  void the_wire_form_of_an_entry_is_its_payload_and_a_few_bytes() {
    FrameEncoder encoder = new FrameEncoder();
    encoder.add(new RoutedMessage(new GroupId(3), ONE, TWO, append(7, entry(11, 7, 100))));
    assertThat(encoder.finish(TIMESTAMP, WALL, UPTIME, 0).getSerializedSize()).isLessThan(100 + 65);
  }

  @Test
  void unknown_fields_are_ignored_and_survive() throws Exception {
    UnknownFieldSet future =
        UnknownFieldSet.newBuilder()
            .addField(
                900, UnknownFieldSet.Field.newBuilder().addLengthDelimited(newerText()).build())
            .build();
    RoutedMessage sent = new RoutedMessage(new GroupId(3), ONE, TWO, append(7, entry(11, 7, 10)));
    GroupMessage wire = MessageEncoder.encode(sent).toBuilder().setUnknownFields(future).build();
    PeerFrame frame = PeerFrame.newBuilder().setUnknownFields(future).addMessages(wire).build();
    PeerFrame parsed = PeerFrame.parseFrom(frame.toByteArray());
    assertThat(decode(parsed)).containsExactly(sent);
    assertThat(parsed.toByteArray()).isEqualTo(frame.toByteArray());
    assertThat(parsed.getUnknownFields().hasField(900)).isTrue();
  }

  @Test
  void a_message_of_an_unknown_kind_is_left_out_and_counted() throws Exception {
    GroupMessage fromTheFuture = GroupMessage.newBuilder().setGroup(1).setFrom(1).setTo(2).build();
    RoutedMessage known =
        new RoutedMessage(new GroupId(3), ONE, TWO, new RaftMessage.TimeoutNow(4));
    PeerFrame frame =
        PeerFrame.newBuilder()
            .addMessages(fromTheFuture)
            .addMessages(MessageEncoder.encode(known))
            .build();
    List<RoutedMessage> received = new ArrayList<>();
    assertThat(FrameDecoder.decode(frame, received::add)).isEqualTo(1);
    assertThat(received).containsExactly(known);
  }

  @Test
  void negative_numbers_are_malformed() {
    assertMalformed(
        message().setAppendEntriesResponse(AppendEntriesResponse.newBuilder().setTerm(-1)),
        "term must not be negative");
    assertMalformed(
        message().setAppendEntriesResponse(AppendEntriesResponse.newBuilder().setMatchIndex(-1)),
        "match index must not be negative");
    assertMalformed(message().setFrom(-1).setTimeoutNow(timeoutNow()), "replica id");
    assertMalformed(
        message().setGroup(-1).setTimeoutNow(timeoutNow()), "group's number is not negative");
  }

  @Test
  void a_sender_or_receiver_of_zero_is_malformed() {
    assertMalformed(message().setFrom(0).setTimeoutNow(timeoutNow()), "must be replicas");
    assertMalformed(message().setTo(0).setTimeoutNow(timeoutNow()), "must be replicas");
  }

  @Test
  void entries_whose_terms_go_back_or_exceed_the_leaders_are_malformed() {
    AppendEntries.Builder append = AppendEntries.newBuilder().setTerm(5).setPrevious(wireId(3, 10));
    assertMalformed(
        message().setAppendEntries(append.clone().addEntries(Entry.newBuilder().setTerm(2))),
        "term of entry 11 expected in 3..5, was 2");
    assertMalformed(
        message().setAppendEntries(append.clone().addEntries(Entry.newBuilder().setTerm(6))),
        "term of entry 11 expected in 3..5, was 6");
  }

  @Test
  void an_index_beyond_the_largest_is_malformed() {
    AppendEntries.Builder append =
        AppendEntries.newBuilder()
            .setTerm(5)
            .setPrevious(wireId(3, Long.MAX_VALUE))
            .addEntries(Entry.newBuilder().setTerm(4));
    assertMalformed(message().setAppendEntries(append), "index and term start at 1");
  }

  @Test
  void unknown_codes_are_malformed() {
    AppendEntries.Builder append =
        AppendEntries.newBuilder().setTerm(5).addEntries(Entry.newBuilder().setTerm(5).setKind(77));
    assertMalformed(message().setAppendEntries(append), "entry kind code");
    assertMalformed(
        message().setInstallSnapshotResponse(InstallSnapshotResponse.newBuilder().setStateValue(9)),
        "unknown state of a snapshot transfer");
  }

  @Test
  void columns_of_different_lengths_are_malformed() {
    Heartbeats ragged =
        Heartbeats.newBuilder().addGroup(1).addFrom(1).addTo(2).addTerm(1).addRound(1).build();
    PeerFrame frame = PeerFrame.newBuilder().setHeartbeats(ragged).build();
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> decode(frame))
        .withMessageContaining("column commit_index expected 1 rows, was 0");
  }

  @Test
  void entries_with_a_gap_cannot_be_encoded() {
    RaftMessage gap = append(7, entry(11, 7, 1), entry(13, 7, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MessageEncoder.encode(new RoutedMessage(new GroupId(1), ONE, TWO, gap)))
        .withMessageContaining("expected index 12, was 13");
  }

  private static void assertMalformed(GroupMessage.Builder message, String reason) {
    PeerFrame frame = PeerFrame.newBuilder().addMessages(message).build();
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> decode(frame))
        .withMessageContaining(reason);
  }

  private static List<RoutedMessage> roundTrip(List<RoutedMessage> sent) throws Exception {
    FrameEncoder encoder = new FrameEncoder();
    sent.forEach(encoder::add);
    return decode(PeerFrame.parseFrom(encoder.finish(TIMESTAMP, WALL, UPTIME, 0).toByteArray()));
  }

  private static List<RoutedMessage> decode(PeerFrame frame) throws MalformedMessageException {
    List<RoutedMessage> received = new ArrayList<>();
    FrameDecoder.decode(frame, received::add);
    return received;
  }

  private static RaftMessage append(long term, LogEntry... entries) {
    return new RaftMessage.AppendEntries(term, new EntryId(7, 10), List.of(entries), 9, 4);
  }

  private static LogEntry entry(long index, long term, int size) {
    return new LogEntry(index, term, EntryKind.COMMAND, Bytes.wrap(new byte[size]));
  }

  private static GroupMessage.Builder message() {
    return GroupMessage.newBuilder().setGroup(1).setFrom(1).setTo(2);
  }

  private static dev.ostrakon.protocol.v1.TimeoutNow timeoutNow() {
    return dev.ostrakon.protocol.v1.TimeoutNow.newBuilder().setTerm(1).build();
  }

  private static dev.ostrakon.protocol.v1.EntryId wireId(long term, long index) {
    return dev.ostrakon.protocol.v1.EntryId.newBuilder().setTerm(term).setIndex(index).build();
  }

  private static ByteString newerText() {
    return ByteString.copyFromUtf8("something newer");
  }
}
