package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.ReadOutcome;
import dev.ostrakon.raft.ReadOutcome.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingReadsTest {

  private final PendingReads reads = new PendingReads(3, RaftRules.STANDARD);
  private final List<ReadResult> results = new ArrayList<>();

  @Test
  void read_waits_until_the_state_machine_contains_its_index() {
    long id = reads.add(100, results::add);

    reads.onOutcome(new ReadOutcome(id, 7, Status.CONFIRMED), 6);
    assertThat(results).isEmpty();
    reads.onApplied(7);

    assertThat(results).containsExactly(ReadResult.READY);
  }

  @Test
  void read_is_ready_at_once_if_its_index_is_applied() {
    long id = reads.add(100, results::add);

    reads.onOutcome(new ReadOutcome(id, 7, Status.CONFIRMED), 7);

    assertThat(results).containsExactly(ReadResult.READY);
  }

  @Test
  void dropped_read_ends_as_dropped() {
    long id = reads.add(100, results::add);

    reads.onOutcome(new ReadOutcome(id, 0, Status.DROPPED), 7);

    assertThat(results).containsExactly(ReadResult.DROPPED);
  }

  @Test
  void deadline_ends_reads_in_both_stages_and_a_late_answer_is_ignored() {
    long unconfirmed = reads.add(100, results::add);
    long confirmed = reads.add(100, results::add);
    reads.onOutcome(new ReadOutcome(confirmed, 7, Status.CONFIRMED), 6);

    reads.expire(100);
    reads.onApplied(7);
    reads.onOutcome(new ReadOutcome(unconfirmed, 7, Status.CONFIRMED), 7);

    assertThat(results).containsExactly(ReadResult.TIMED_OUT, ReadResult.TIMED_OUT);
  }

  @Test
  void confirmed_reads_count_towards_the_bound() {
    long id = reads.add(100, results::add);
    reads.onOutcome(new ReadOutcome(id, 7, Status.CONFIRMED), 0);
    reads.add(100, results::add);
    reads.add(100, results::add);

    assertThat(reads.isFull()).isTrue();
  }
}
