package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCounters;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.TimingSettings;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RaftStatus.PeerProgress;
import dev.ostrakon.raft.RaftStatus.ReplicationState;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the leader of group 2, whose place is n2 if leaders are spread, goes where. */
class LeaderPlacementTest {
  private static final GroupId GROUP = new GroupId(2);
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NodeId N3 = new NodeId("n3");
  private static final int TICK_MILLIS = TimingSettings.DEFAULTS.tickMillis();
  private static final long LAST_INDEX = 50_000;

  private final SortedMap<NodeId, PeerProgress> followers = new TreeMap<>();
  private final TreeSet<NodeId> connected = new TreeSet<>(List.of(N1, N2, N3));
  private final List<NodeId> handedTo = new ArrayList<>();

  private ClusterMap map = new ClusterMap(N2, new TreeMap<>());
  private LeaderPlacement placement = on(N2, 3, TICK_MILLIS);
  private int tickMillis = TICK_MILLIS;
  private boolean leads = true;
  private double orders = 1_000_000;
  private double requests = 2_000_000;

  @BeforeEach
  void spread_leaders_whose_followers_keep_up() {
    for (int node = 1; node <= 3; node++) {
      follower(node, ReplicationState.REPLICATE, LAST_INDEX);
    }
    leaders(N1, N2, N3);
  }

  @Test
  void a_leader_of_transactions_goes_to_the_node_that_leads_the_most() {
    leaders(N3, N2, N3);
    pass(10, 60, 60);
    assertThat(handedTo).containsExactly(N3);
  }

  @Test
  void the_first_sample_that_says_so_and_a_second_of_keeping_up_are_enough() {
    leaders(N3, N2, N3);
    pass(2, 200, 0);
    assertThat(handedTo).isEmpty();
    pass(0.1, 200, 0);
    assertThat(handedTo).containsExactly(N3);
  }

  @Test
  void the_bounds_are_a_second_whatever_the_length_of_a_tick() {
    for (int millis : new int[] {10, 300, 3_000}) {
      handedTo.clear();
      place(N2, 3, millis);
      leaders(N3, N2, N3);
      pass(60, 90, 0);
      assertThat(handedTo).as("90 a second, ticks of %d ms", millis).isEmpty();
      pass(30, 140, 0);
      assertThat(handedTo).as("140 a second, ticks of %d ms", millis).contains(N3);
    }
  }

  @Test
  void a_leader_of_single_keys_or_of_little_stays_where_leaders_are_spread() {
    leaders(N3, N2, N3);
    pass(30, 40, 60);
    pass(30, 45, 0);
    assertThat(handedTo).isEmpty();
  }

  @Test
  void a_leader_in_another_place_goes_back_while_nothing_speaks_for_that() {
    place(N3, 3, TICK_MILLIS);
    leaders(N1, N3, N3);
    pass(10, 10, 90);
    assertThat(handedTo).containsExactly(N2);
  }

  @Test
  void a_leader_that_came_for_transactions_stays_until_they_are_few() {
    place(N3, 3, TICK_MILLIS);
    leaders(N3, N3, N3);
    pass(60, 30, 70);
    assertThat(handedTo).isEmpty();
    pass(30, 15, 85);
    assertThat(handedTo).startsWith(N2);
  }

  @Test
  void nodes_that_do_not_have_every_group_are_not_gathered_on() {
    place(N2, 4, TICK_MILLIS);
    leaders(N3, N2, N3);
    pass(30, 1_000, 0);
    assertThat(handedTo).isEmpty();
  }

  @Test
  void a_replica_that_does_not_lead_hands_nothing_over() {
    leads = false;
    leaders(N3, N3, N3);
    pass(30, 1_000, 0);
    assertThat(handedTo).isEmpty();
  }

  @Test
  void what_was_before_it_led_does_not_count() {
    leads = false;
    pass(30, 1_000, 0);
    leads = true;
    leaders(N3, N2, N3);
    pass(30, 30, 70);
    assertThat(handedTo).isEmpty();
  }

  @Test
  void nobody_gets_it_who_is_away_or_behind_or_not_replicated_to() {
    leaders(N3, N2, N3);
    follower(3, ReplicationState.REPLICATE, LAST_INDEX - 1_001);
    pass(10, 200, 0);
    follower(3, ReplicationState.SNAPSHOT, LAST_INDEX);
    pass(10, 200, 0);
    follower(3, ReplicationState.REPLICATE, LAST_INDEX);
    connected.remove(N3);
    pass(10, 200, 0);
    assertThat(handedTo).isEmpty();
    connected.add(N3);
    pass(1.2, 200, 0);
    assertThat(handedTo).containsExactly(N3);
  }

  @Test
  void who_falls_behind_for_a_moment_has_to_keep_up_anew() {
    leaders(N3, N2, N3);
    pass(1.9, 200, 0);
    follower(3, ReplicationState.PROBE, LAST_INDEX);
    pass(0.05, 200, 0);
    follower(3, ReplicationState.REPLICATE, LAST_INDEX);
    pass(0.9, 200, 0);
    assertThat(handedTo).isEmpty();
    pass(0.3, 200, 0);
    assertThat(handedTo).containsExactly(N3);
  }

  @Test
  void a_try_that_came_to_nothing_is_made_again_after_ten_seconds() {
    leaders(N3, N2, N3);
    pass(12, 200, 0);
    assertThat(handedTo).hasSize(1);
    pass(2, 200, 0);
    assertThat(handedTo).hasSize(2);
  }

  /** As between a node of {@code leaders: spread} and one of {@code leaders: adaptive}. */
  @Test
  void a_leadership_that_is_handed_straight_back_every_time_goes_ever_more_seldom() {
    leaders(N3, N2, N3);
    for (int second = 0; second < 3_600; second++) {
      int before = handedTo.size();
      pass(1, 200, 0);
      if (handedTo.size() > before) {
        isHandedBackAfter(3);
      }
    }
    assertThat(handedTo.size()).isBetween(50, 65);
  }

  @Test
  void a_leadership_that_stayed_away_for_a_while_is_handed_over_as_quickly_as_ever() {
    leaders(N3, N2, N3);
    for (int i = 0; i < 3; i++) {
      pass(100, 200, 0);
      isHandedBackAfter(3);
    }
    pass(100, 200, 0);
    isHandedBackAfter(11);
    handedTo.clear();
    pass(2.1, 200, 0);
    assertThat(handedTo).containsExactly(N3);
  }

  @Test
  void a_leader_of_transactions_goes_back_within_about_three_seconds_of_other_requests() {
    place(N3, 3, TICK_MILLIS);
    leaders(N3, N3, N3);
    pass(20, 1_000, 0);
    assertThat(handedTo).isEmpty();
    pass(3.1, 0, 8_000);
    assertThat(handedTo).containsExactly(N2);
  }

  /** The other node sees the transactions end, and hands the leadership back 7 s later. */
  @Test
  void loads_that_alternate_move_a_leader_once_a_minute_and_not_every_time() {
    leaders(N3, N2, N3);
    int secondsAway = 0;
    for (int second = 0; second < 1_200; second++) {
      int before = handedTo.size();
      boolean isTransactions = second % 15 < 6;
      pass(1, isTransactions ? 1_000 : 0, isTransactions ? 0 : 1_000);
      secondsAway = handedTo.size() > before ? 7 : Math.max(0, secondsAway - 1);
      leads = secondsAway == 0;
    }
    assertThat(handedTo.size()).isBetween(15, 25);
  }

  private void isHandedBackAfter(int seconds) {
    leads = false;
    pass(seconds, 200, 0);
    leads = true;
  }

  /** Lets so many seconds pass, in which so much is asked a second. */
  private void pass(double seconds, int ordersPerSecond, int requestsPerSecond) {
    for (long ticks = Math.round(seconds * 1_000 / tickMillis); ticks > 0; ticks--) {
      orders += ordersPerSecond * tickMillis / 1_000.0;
      requests += requestsPerSecond * tickMillis / 1_000.0;
      placement
          .tick(leads, this::status)
          .ifPresent(to -> handedTo.add(new NodeId("n" + to.value())));
    }
  }

  private void leaders(NodeId first, NodeId second, NodeId third) {
    map.learnLeader(new GroupId(1), Optional.of(first));
    map.learnLeader(new GroupId(2), Optional.of(second));
    map.learnLeader(new GroupId(3), Optional.of(third));
  }

  private void follower(int node, ReplicationState state, long matchIndex) {
    followers.put(
        new NodeId("n" + node),
        new PeerProgress(new ReplicaId(node), state, matchIndex, matchIndex + 1, 0));
  }

  private RaftStatus status() {
    return new RaftStatus(
        new ReplicaId(2),
        4,
        Role.LEADER,
        new ReplicaId(2),
        1,
        LAST_INDEX,
        LAST_INDEX,
        LAST_INDEX,
        LAST_INDEX,
        Membership.EMPTY,
        List.copyOf(followers.values()));
  }

  private void place(NodeId self, int nodes, int millis) {
    map = new ClusterMap(self, new TreeMap<>());
    placement = on(self, nodes, millis);
    tickMillis = millis;
  }

  private LeaderPlacement on(NodeId self, int nodes, int millis) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int i = 1; i <= nodes; i++) {
      peers.put(new NodeId("n" + i), new NodeAddress("127.0.0.1", 7100 + i));
    }
    NodeSettings defaults =
        NodeSettings.of(self, new NodeAddress("127.0.0.1", 7101), Path.of("unused"), peers);
    TimingSettings timing = defaults.timing();
    NodeSettings settings =
        defaults.with(
            defaults.memory(),
            new TimingSettings(
                millis,
                timing.heartbeatTicks(),
                timing.electionTicks(),
                timing.leases(),
                timing.clockSkewMillisMax(),
                timing.requestMillis(),
                timing.handoverMillis()),
            defaults.serving());
    return new LeaderPlacement(
        ReplicaPlan.of(GROUP, settings), map, connected::contains, this::counters);
  }

  private FrontCounters counters() {
    return new FrontCounters(
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        (long) requests,
        (long) orders,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }
}
