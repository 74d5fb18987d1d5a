package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingProposalsTest {

  private final PendingProposals<String> pending = new PendingProposals<>(2);
  private final List<ProposalOutcome<String>> outcomes = new ArrayList<>();

  @Test
  void applied_entry_answers_its_proposal() {
    pending.add(new EntryId(1, 5), 100, outcomes::add);

    pending.onApplied(entry(1, 4), "other");
    assertThat(outcomes).isEmpty();
    pending.onApplied(entry(1, 5), "mine");

    assertThat(outcomes).containsExactly(new ProposalOutcome.Applied<>(new EntryId(1, 5), "mine"));
  }

  @Test
  void entry_of_another_term_never_answers_with_its_result() {
    pending.add(new EntryId(1, 5), 100, outcomes::add);

    pending.onApplied(entry(2, 5), "another leader's");

    assertThat(outcomes).containsExactly(new ProposalOutcome.Unknown<>());
  }

  @Test
  void deadline_ends_only_what_is_due() {
    pending.add(new EntryId(1, 5), 100, outcomes::add);
    pending.add(new EntryId(1, 6), 50, outcomes::add);

    pending.expire(99);
    assertThat(outcomes).containsExactly(new ProposalOutcome.Unknown<>());
    pending.onApplied(entry(1, 5), "late but in time");

    assertThat(outcomes)
        .last()
        .isEqualTo(new ProposalOutcome.Applied<>(new EntryId(1, 5), "late but in time"));
  }

  @Test
  void capacity_is_a_bound() {
    pending.add(new EntryId(1, 5), 100, outcomes::add);
    assertThat(pending.isFull()).isFalse();
    pending.add(new EntryId(1, 6), 100, outcomes::add);
    assertThat(pending.isFull()).isTrue();

    pending.abandon();

    assertThat(pending.isFull()).isFalse();
    assertThat(outcomes).hasSize(2).containsOnly(new ProposalOutcome.Unknown<>());
  }

  private static LogEntry entry(long term, long index) {
    return new LogEntry(index, term, EntryKind.COMMAND, Bytes.utf8("x"));
  }
}
