package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.RaftLog.HardStateChange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log in memory against the disk that lags behind it. */
class RaftLogTest {

  private static RaftLog logOf(long... terms) {
    RaftLog log = new RaftLog(RecoveredLog.EMPTY);
    entries(1, terms).forEach(log::append);
    return log;
  }

  private static LogWrite write(RaftLog log) {
    return log.write(HardState.INITIAL, HardStateChange.NONE);
  }

  private static void merge(RaftLog log, List<LogEntry> entries) {
    log.merge(entries, 0, RaftRules.STANDARD);
    log.checkInvariants();
  }

  @Test
  void entries_are_written_once() {
    RaftLog log = logOf(1, 1);
    assertThat(write(log).entries()).hasSize(2);
    log.handedOut(1);
    assertThat(log.hasWrite()).isFalse();
    assertThat(write(log).isEmpty()).isTrue();
    log.append(entries(3, 1).get(0));
    assertThat(write(log).entries()).extracting(LogEntry::index).containsExactly(3L);
  }

  @Test
  void durable_index_follows_completed_writes() {
    RaftLog log = logOf(1, 1);
    log.handedOut(1);
    log.append(entries(3, 1).get(0));
    log.handedOut(2);
    assertThat(log.durableIndex()).isZero();
    log.persisted(1);
    assertThat(log.durableIndex()).isEqualTo(2);
    log.persisted(2);
    assertThat(log.durableIndex()).isEqualTo(3);
  }

  @Test
  void one_completion_speaks_for_all_earlier_writes() {
    RaftLog log = logOf(1);
    log.handedOut(1);
    log.append(entries(2, 1).get(0));
    log.handedOut(2);
    log.persisted(2);
    assertThat(log.durableIndex()).isEqualTo(2);
  }

  @Test
  void stale_completion_changes_nothing() {
    RaftLog log = logOf(1);
    log.handedOut(4);
    log.persisted(3);
    assertThat(log.durableIndex()).isZero();
  }

  /** The completion of a write says nothing about entries that replaced its own meanwhile. */
  @Test
  void completion_of_an_overwritten_write_covers_what_still_stands() {
    RaftLog log = logOf(1, 1, 1);
    log.handedOut(1);
    merge(log, entries(2, 2, 2));
    log.persisted(1);
    assertThat(log.durableIndex()).isEqualTo(1);
    log.handedOut(2);
    log.persisted(2);
    assertThat(log.durableIndex()).isEqualTo(3);
  }

  @Test
  void truncation_of_durable_entries_lowers_the_durable_index() {
    RaftLog log = logOf(1, 1, 1);
    log.handedOut(1);
    log.persisted(1);
    merge(log, entries(2, 2));
    assertThat(log.durableIndex()).isEqualTo(1);
    assertThat(write(log).entries()).extracting(LogEntry::id).containsExactly(id(2, 2));
  }

  @Test
  void several_writes_in_flight_are_cut_by_one_truncation() {
    RaftLog log = logOf(1, 1);
    log.handedOut(1);
    entries(3, 1, 1).forEach(log::append);
    log.handedOut(2);
    entries(5, 1).forEach(log::append);
    log.handedOut(3);
    merge(log, entries(2, 2));
    log.handedOut(4);
    log.persisted(3);
    assertThat(log.durableIndex()).isEqualTo(1);
    log.persisted(4);
    assertThat(log.durableIndex()).isEqualTo(2);
  }

  @Test
  void reset_forgets_writes_in_flight() {
    RaftLog log = logOf(1, 1, 1);
    log.handedOut(1);
    log.reset(id(5, 2));
    log.append(entries(3, 5).get(0));
    log.persisted(1);
    assertThat(log.durableIndex()).isEqualTo(2);
    LogWrite write = write(log);
    assertThat(write.resetTo()).isEqualTo(id(5, 2));
    assertThat(write.entries()).extracting(LogEntry::id).containsExactly(id(5, 3));
    log.handedOut(2);
    assertThat(log.hasWrite()).isFalse();
  }

  @Test
  void merge_keeps_what_agrees_and_appends_the_rest() {
    RaftLog log = logOf(1, 1);
    merge(log, entries(2, 1, 1, 2));
    assertThat(log.lastId()).isEqualTo(id(2, 4));
    assertThat(log.termAt(2)).isEqualTo(1);
  }

  @Test
  void committed_entries_are_never_replaced() {
    RaftLog log = logOf(1, 1);
    assertThatThrownBy(() -> log.merge(entries(2, 2), 2, RaftRules.STANDARD))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  void compaction_stops_at_what_is_durable() {
    RaftLog log = logOf(1, 1, 2, 2);
    log.handedOut(1);
    assertThat(log.compact(3)).isFalse();
    log.persisted(1);
    assertThat(log.compact(3)).isTrue();
    assertThat(log.baseId()).isEqualTo(id(2, 3));
    assertThat(write(log).compactTo()).isEqualTo(id(2, 3));
    assertThat(log.contains(id(2, 3))).isTrue();
    assertThat(log.contains(id(1, 2))).isFalse();
    log.checkInvariants();
  }

  @Test
  void unwritten_and_uncommitted_entries_stay_in_memory() {
    RaftLog log = logOf(1, 1, 1, 1);
    log.evict(4, 4, TestConfigs.tiny());
    assertThat(log.cachedFrom()).isEqualTo(1);
    log.handedOut(1);
    log.persisted(1);
    log.evict(2, 2, TestConfigs.tiny());
    assertThat(log.cachedFrom()).isEqualTo(3);
  }

  /** Beyond the second limit committed entries leave although they are not applied. */
  @Test
  void slow_application_does_not_fill_the_memory() {
    RaftLog log = new RaftLog(RecoveredLog.EMPTY);
    for (long i = 1; i <= 100; i++) {
      log.append(new LogEntry(i, 1, EntryKind.NOOP, Bytes.EMPTY));
    }
    log.handedOut(1);
    log.persisted(1);
    log.evict(100, 0, TestConfigs.tiny());
    long kept = log.lastIndex() + 1 - log.cachedFrom();
    assertThat(kept * LogEntry.OVERHEAD_BYTES)
        .isLessThanOrEqualTo(TestConfigs.tiny().maxUncommittedBytes());
    assertThat(kept).isPositive();
  }

  @Test
  void recovered_log_knows_every_term() {
    RaftLog log =
        new RaftLog(new RecoveredLog(HardState.INITIAL, id(2, 5), 9, List.of(id(3, 7), id(4, 9))));
    assertThat(log.idAt(5)).isEqualTo(id(2, 5));
    assertThat(log.idAt(6)).isEqualTo(id(2, 6));
    assertThat(log.idAt(8)).isEqualTo(id(3, 8));
    assertThat(log.lastId()).isEqualTo(id(4, 9));
    assertThat(log.isCached(9)).isFalse();
    assertThat(log.durableIndex()).isEqualTo(9);
  }

  @Test
  void recovered_log_that_contradicts_itself_is_refused() {
    assertThatThrownBy(
            () ->
                new RaftLog(
                    new RecoveredLog(
                        HardState.INITIAL, EntryId.ZERO, 3, List.of(id(2, 1), id(1, 2)))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new RaftLog(new RecoveredLog(HardState.INITIAL, id(1, 5), 4, List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
