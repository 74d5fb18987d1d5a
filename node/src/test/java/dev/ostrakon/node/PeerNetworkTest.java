package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.peer.PeerIdentity;
import dev.ostrakon.node.peer.PeerRefusal;
import dev.ostrakon.node.peer.PeerRefusedException;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.SnapshotMetadata;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerNetworkTest {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
  private final List<TestPeer> peers = new ArrayList<>();

  @AfterEach
  void stopAll() {
    peers.forEach(TestPeer::stop);
    Awaits.await(vertx.close());
  }

  @Test
  void messages_of_all_kinds_reach_the_replica_they_are_for() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort group = one.group(7);
    two.group(7);
    awaitWelcomes();
    List<RaftMessage> messages =
        List.of(
            new RaftMessage.Heartbeat(3, 2, 1),
            new RaftMessage.PreVote(4, new EntryId(3, 9)),
            append(3, 100));
    group.sendAll(2, messages);
    Awaits.untilAsserted(
        () ->
            assertThat(two.received)
                .containsExactly(
                    "g7 1 " + messages.get(0),
                    "g7 1 " + messages.get(1),
                    "g7 1 " + messages.get(2)));
    assertThat(one.counters().framesSent()).isEqualTo(1);
  }

  @Test
  void messages_of_many_groups_share_a_frame() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    List<TestPeer.GroupPort> groups = new ArrayList<>();
    for (int group = 0; group < 100; group++) {
      groups.add(one.group(group));
      two.group(group);
    }
    awaitWelcomes();
    groups
        .get(0)
        .loop()
        .scheduler()
        .execute(
            () ->
                groups.forEach(
                    group ->
                        group
                            .transport()
                            .send(TestPeer.replica(2), new RaftMessage.Heartbeat(3, 2, 1))));
    Awaits.untilAsserted(() -> assertThat(two.received).hasSize(100));
    assertThat(one.counters().framesSent()).isEqualTo(1);
    assertThat(two.counters().framesReceived()).isEqualTo(1);
  }

  @Test
  void replicas_on_other_loops_than_the_stream_get_and_send_theirs() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports).loopCount(3));
    TestPeer two = start(TestPeer.Setup.of(2, ports).loopCount(3));
    List<TestPeer.GroupPort> groups = new ArrayList<>();
    for (int group = 0; group < 6; group++) {
      groups.add(one.group(group));
      two.group(group);
    }
    awaitWelcomes();
    for (int term = 1; term <= 50; term++) {
      for (TestPeer.GroupPort group : groups) {
        group.send(2, new RaftMessage.TimeoutNow(term));
      }
    }
    Awaits.untilAsserted(() -> assertThat(two.received).hasSize(300));
    for (int group = 0; group < 6; group++) {
      String prefix = "g" + group + " ";
      List<String> expected = new ArrayList<>();
      for (int term = 1; term <= 50; term++) {
        expected.add(prefix + "1 " + new RaftMessage.TimeoutNow(term));
      }
      assertThat(two.received.stream().filter(text -> text.startsWith(prefix)).toList())
          .containsExactlyElementsOf(expected);
    }
    assertThat(one.counters().messagesDropped()).isZero();
  }

  @Test
  void timestamps_travel_with_every_frame() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort group = one.group(7);
    two.group(7);
    awaitWelcomes();
    one.clock.set(4711);
    group.send(2, new RaftMessage.Heartbeat(1, 1, 1));
    Awaits.untilAsserted(() -> assertThat(two.clock).hasValue(4711));
  }

  @Test
  void messages_for_a_group_that_is_not_here_are_dropped_and_counted() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort stranger = one.group(8);
    awaitWelcomes();
    stranger.send(2, new RaftMessage.TimeoutNow(1));
    Awaits.untilAsserted(() -> assertThat(two.counters().messagesMisrouted()).isEqualTo(1));
    assertThat(two.received).isEmpty();
  }

  @Test
  void a_node_of_another_cluster_is_refused() {
    assertRefused(
        new PeerIdentity("another", TestPeer.node(2), "disk2"), PeerRefusal.Reason.WRONG_CLUSTER);
  }

  @Test
  void a_caller_that_is_not_a_member_is_refused() {
    assertRefused(
        new PeerIdentity("cluster", TestPeer.node(9), "disk9"), PeerRefusal.Reason.UNKNOWN_NODE);
  }

  @Test
  void a_node_that_lost_its_disk_is_refused_by_those_who_knew_it() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    awaitWelcomes();
    peers.remove(two);
    two.stop();
    TestPeer wiped =
        start(
            TestPeer.Setup.of(2, ports)
                .identity(new PeerIdentity("cluster", TestPeer.node(2), "new disk")));
    assertThatThrownBy(() -> Awaits.await(wiped.welcomedByAll()))
        .isInstanceOfSatisfying(
            PeerRefusedException.class,
            e -> assertThat(e.refusal().reason()).isEqualTo(PeerRefusal.Reason.REPLACED_DISK));
    TestPeer.GroupPort group = one.group(7);
    wiped.group(7).send(1, new RaftMessage.PreVoteResponse(1, true));
    group.send(2, new RaftMessage.TimeoutNow(1));
    Awaits.untilAsserted(() -> assertThat(one.counters().hellosRefused()).isPositive());
    assertThat(one.received).isEmpty();
    assertThat(wiped.received).isEmpty();
  }

  @Test
  void a_peer_that_was_away_is_found_again() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort group = one.group(7);
    awaitWelcomes();
    peers.remove(two);
    two.stop();
    TestPeer again = start(TestPeer.Setup.of(2, ports));
    again.group(7);
    Awaits.untilAsserted(
        () -> {
          group.send(2, new RaftMessage.TimeoutNow(1));
          assertThat(again.received).isNotEmpty();
        });
  }

  @Test
  void a_peer_that_takes_nothing_in_costs_bounded_memory_and_is_given_up() throws Exception {
    List<Integer> ports = FreePorts.find(2);
    PeerConfig small =
        new PeerConfig(1 << 16, 1 << 16, 1 << 20, 1_000, 1 << 16, 8, 1_000, 500, 100, 500, 20, 100);
    // Accepts connections and never reads.
    try (ServerSocket deaf = new ServerSocket(ports.get(1), 50, InetAddress.getLoopbackAddress())) {
      assertThat(deaf.isBound()).isTrue();
      TestPeer one = start(TestPeer.Setup.of(1, ports).config(small));
      TestPeer.GroupPort group = one.group(7);
      for (int i = 0; i < 100; i++) {
        group.sendAll(2, List.of(append(3, 50_000), new RaftMessage.TimeoutNow(1)));
      }
      Awaits.untilAsserted(() -> assertThat(one.counters().messagesDropped()).isGreaterThan(150));
      assertThat(one.counters().framesSent()).isZero();
    }
  }

  @Test
  void a_welcomed_peer_that_stops_reading_fills_bounded_queues_and_no_more() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort sending = one.group(7);
    TestPeer.GroupPort receiving = two.group(7);
    awaitWelcomes();
    int count = 400;
    StalledLoop stalled = StalledLoop.stall(receiving.loop().scheduler());
    for (int i = 0; i < count; i++) {
      sending.send(2, append(3, 1 << 20));
    }
    // 400 MiB do not fit into 64 MiB of queue and a few MiB of connection.
    Awaits.untilAsserted(
        () -> assertThat(one.counters().messagesDropped()).isBetween(300L, (long) count));
    long bytesInFlight = (count - one.counters().messagesDropped()) << 20;
    assertThat(bytesInFlight).isLessThan(80L << 20);
    stalled.release();
    Awaits.untilAsserted(
        () -> assertThat(two.received.size() + one.counters().messagesDropped()).isEqualTo(count));
  }

  @Test
  void a_snapshot_transfer_holds_no_heartbeat_up() {
    List<Integer> ports = FreePorts.find(2);
    TestPeer one = start(TestPeer.Setup.of(1, ports));
    TestPeer two = start(TestPeer.Setup.of(2, ports));
    TestPeer.GroupPort sending = one.group(7);
    TestPeer.GroupPort receiving = two.group(7);
    awaitWelcomes();
    StalledLoop stalled = StalledLoop.stall(receiving.loop().scheduler());
    for (int sequence = 0; sequence < 100; sequence++) {
      sending.send(2, chunk(sequence, 1 << 19));
    }
    sending.send(2, new RaftMessage.Heartbeat(3, 2, 1));
    stalled.release();
    Awaits.untilAsserted(() -> assertThat(two.received).hasSize(101));
    // Before it come only the chunks that were on their way already, a few MiB of 50.
    assertThat(List.copyOf(two.received).indexOf("g7 1 " + new RaftMessage.Heartbeat(3, 2, 1)))
        .isLessThan(30);
  }

  private void assertRefused(PeerIdentity caller, PeerRefusal.Reason reason) {
    List<Integer> ports = FreePorts.find(2);
    start(TestPeer.Setup.of(1, ports));
    TestPeer refused = start(TestPeer.Setup.of(2, ports).identity(caller));
    assertThatThrownBy(() -> Awaits.await(refused.welcomedByAll()))
        .isInstanceOfSatisfying(
            PeerRefusedException.class, e -> assertThat(e.refusal().reason()).isEqualTo(reason));
  }

  private TestPeer start(TestPeer.Setup setup) {
    TestPeer peer = new TestPeer(vertx, setup);
    peers.add(peer);
    return peer;
  }

  private void awaitWelcomes() {
    peers.forEach(peer -> Awaits.await(peer.welcomedByAll()));
  }

  private static RaftMessage chunk(long sequence, int bytes) {
    return new RaftMessage.InstallSnapshot(
        3,
        1,
        new SnapshotMetadata(new EntryId(3, 9), Membership.EMPTY),
        sequence,
        Bytes.wrap(new byte[bytes]),
        0,
        false);
  }

  private static RaftMessage append(long term, int payloadBytes) {
    return new RaftMessage.AppendEntries(
        term,
        new EntryId(term, 9),
        List.of(new LogEntry(10, term, EntryKind.COMMAND, Bytes.wrap(new byte[payloadBytes]))),
        8,
        1);
  }
}
