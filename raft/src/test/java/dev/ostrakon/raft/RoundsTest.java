package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rounds, the reads that hang on them, the lease and the clock behind it. */
class RoundsTest {

  private static final RaftConfig CONFIG = TestConfigs.standard();
  private static final long TICK = TestConfigs.TICK_NANOS;
  private static final ReplicaId SELF = LoneReplica.SELF;

  @Test
  void rounds_count_from_one_and_remember_their_beginning() {
    Rounds rounds = new Rounds();
    assertThat(rounds.begin(100)).isEqualTo(1);
    assertThat(rounds.begin(200)).isEqualTo(2);
    assertThat(rounds.startNanos(1)).isEqualTo(100);
    assertThat(rounds.startNanos(2)).isEqualTo(200);
  }

  @Test
  void confirmation_only_grows() {
    Rounds rounds = new Rounds();
    rounds.begin(1);
    rounds.begin(2);
    assertThat(rounds.maybeConfirm(0)).isFalse();
    assertThat(rounds.maybeConfirm(2)).isTrue();
    assertThat(rounds.maybeConfirm(1)).isFalse();
    assertThat(rounds.maybeConfirm(2)).isFalse();
  }

  @Test
  void round_that_never_began_cannot_be_confirmed() {
    assertThatThrownBy(() -> new Rounds().maybeConfirm(1)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void beginnings_of_old_rounds_are_forgotten() {
    Rounds rounds = new Rounds();
    for (int i = 1; i <= 100; i++) {
      rounds.begin(i);
    }
    assertThat(rounds.isRemembered(100)).isTrue();
    assertThat(rounds.isRemembered(37)).isTrue();
    assertThat(rounds.isRemembered(36)).isFalse();
    assertThat(rounds.isRemembered(0)).isFalse();
  }

  @Test
  void reads_wait_for_the_round_they_were_assigned_to() {
    ReadRounds reads = new ReadRounds(10, RaftRules.STANDARD);
    reads.maybeAdd(SELF, 1);
    reads.assignTo(4, 20);
    reads.maybeAdd(SELF, 2);
    assertThat(reads.isConfirmedBy(3)).isFalse();
    assertThat(reads.isConfirmedBy(4)).isTrue();
    assertThat(reads.takeOldest().readIndex()).isEqualTo(20);
    assertThat(reads.isConfirmedBy(99)).as("the second read is in no round yet").isFalse();
    assertThat(reads.isWaiting()).isTrue();
  }

  @Test
  void pending_reads_are_bounded_until_they_are_taken() {
    ReadRounds reads = new ReadRounds(2, RaftRules.STANDARD);
    assertThat(reads.maybeAdd(SELF, 1)).isTrue();
    reads.assignTo(1, 1);
    assertThat(reads.maybeAdd(SELF, 2)).isTrue();
    assertThat(reads.maybeAdd(SELF, 3)).isFalse();
    reads.takeOldest();
    assertThat(reads.maybeAdd(SELF, 4)).isTrue();
    assertThat(reads.takeWaiting().size()).isEqualTo(2);
    assertThat(reads.maybeAdd(SELF, 5)).isTrue();
  }

  @Test
  void lease_lasts_an_election_timeout_less_the_margin_from_the_rounds_beginning() {
    LeaderLease lease = new LeaderLease(CONFIG, RaftRules.STANDARD);
    assertThat(lease.isValid(0)).isFalse();
    lease.onConfirmed(100 * TICK);
    assertThat(lease.isValid(108 * TICK - 1)).isTrue();
    assertThat(lease.isValid(108 * TICK)).isFalse();
  }

  @Test
  void later_round_extends_the_lease_and_an_earlier_one_does_not_shorten_it() {
    LeaderLease lease = new LeaderLease(CONFIG, RaftRules.STANDARD);
    lease.onConfirmed(105 * TICK);
    lease.onConfirmed(100 * TICK);
    assertThat(lease.isValid(112 * TICK)).isTrue();
  }

  /** The monotonic clock's origin is arbitrary: it may start below zero. */
  @Test
  void lease_works_with_a_clock_below_zero() {
    LeaderLease lease = new LeaderLease(CONFIG, RaftRules.STANDARD);
    lease.onConfirmed(-100 * TICK);
    assertThat(lease.isValid(-93 * TICK)).isTrue();
    assertThat(lease.isValid(-92 * TICK)).isFalse();
  }

  @Test
  void no_lease_if_switched_off() {
    LeaderLease lease = new LeaderLease(TestConfigs.withoutLease(), RaftRules.STANDARD);
    lease.onConfirmed(100 * TICK);
    assertThat(lease.isValid(100 * TICK)).isFalse();
  }

  @Test
  void no_lease_during_a_transfer_and_a_fresh_round_is_needed_afterwards() {
    LeaderLease lease = new LeaderLease(CONFIG, RaftRules.STANDARD);
    lease.onConfirmed(100 * TICK);
    lease.onTransferStarted();
    lease.onConfirmed(101 * TICK);
    assertThat(lease.isValid(101 * TICK)).isFalse();
    lease.onTransferAborted();
    assertThat(lease.isValid(101 * TICK)).isFalse();
    lease.onConfirmed(102 * TICK);
    assertThat(lease.isValid(102 * TICK)).isTrue();
  }

  @Test
  void no_lease_for_the_rest_of_the_term_once_the_order_to_campaign_was_sent() {
    LeaderLease lease = new LeaderLease(CONFIG, RaftRules.STANDARD);
    lease.onTransferStarted();
    lease.onTimeoutNowSent();
    lease.onTransferAborted();
    lease.onConfirmed(102 * TICK);
    assertThat(lease.isValid(102 * TICK)).isFalse();
  }

  @Test
  void stickiness_takes_the_longer_of_ticks_and_clock() {
    ElectionClock clock = new ElectionClock(CONFIG, RaftRules.STANDARD, new RandomSource(1));
    assertThat(clock.isSticky(0)).as("never heard anybody").isFalse();
    clock.onContact(0);
    assertThat(clock.isSticky(50 * TICK)).as("frozen: the clock ran, the ticks did not").isTrue();
    for (int i = 0; i < TestConfigs.ELECTION_TICKS; i++) {
      clock.tick();
    }
    assertThat(clock.isSticky(10 * TICK - 1)).as("ticks raced").isTrue();
    assertThat(clock.isSticky(10 * TICK)).isFalse();
  }

  @Test
  void transfer_order_is_due_once_and_again_with_the_next_heartbeat() {
    LeadershipTransfer transfer = new LeadershipTransfer(CONFIG);
    assertThat(transfer.isOrderDue(5, 5)).isFalse();
    transfer.start(LoneReplica.TWO, 100);
    assertThat(transfer.isOrderDue(4, 5)).isFalse();
    assertThat(transfer.isOrderDue(5, 5)).isTrue();
    transfer.onOrderSent();
    assertThat(transfer.isOrderDue(5, 5)).isFalse();
    transfer.onHeartbeat();
    assertThat(transfer.isOrderDue(5, 5)).isTrue();
    assertThat(transfer.isExpired(109, RaftRules.STANDARD)).isFalse();
    assertThat(transfer.isExpired(110, RaftRules.STANDARD)).isTrue();
  }

  /** Asking again for the same target must not keep a hopeless transfer alive. */
  @Test
  void repeated_start_does_not_restart_the_clock_of_a_transfer() {
    LeadershipTransfer transfer = new LeadershipTransfer(CONFIG);
    transfer.start(LoneReplica.TWO, 100);
    transfer.start(LoneReplica.TWO, 108);
    assertThat(transfer.isExpired(110, RaftRules.STANDARD)).isTrue();
  }
}
