package dev.ostrakon.raft;

import static dev.ostrakon.raft.LoneReplica.entries;
import static dev.ostrakon.raft.LoneReplica.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of committed entries into the state machine. */
class CommittedFeedTest {

  /** An entry of {@link LoneReplica#entries} with one-digit index and term. */
  private static final int ENTRY_BYTES = LogEntry.OVERHEAD_BYTES + 3;

  /** Room for two such entries in a batch. */
  private static final RaftConfig CONFIG = TestConfigs.tiny();

  private static RaftLog cachedLog(int count) {
    RaftLog log = new RaftLog(RecoveredLog.EMPTY);
    entries(1, terms(count)).forEach(log::append);
    return log;
  }

  private static long[] terms(int count) {
    long[] terms = new long[count];
    Arrays.fill(terms, 1);
    return terms;
  }

  private static RaftLog storedLog(long count) {
    return new RaftLog(new RecoveredLog(HardState.INITIAL, EntryId.ZERO, count, List.of(id(1, 1))));
  }

  private static List<LogEntry> take(CommittedFeed feed) {
    List<LogEntry> batch = feed.batch();
    feed.handedOut(batch);
    feed.checkInvariants();
    return batch;
  }

  private static LogFetch fetch(CommittedFeed feed, Outbox outbox) {
    feed.fetch(outbox);
    LogWrite nothing =
        new LogWrite(HardState.INITIAL, false, EntryId.ZERO, List.of(), EntryId.ZERO);
    LogFetch fetch = outbox.toReady(1, nothing, List.of()).logFetches().get(0);
    outbox.clear();
    return fetch;
  }

  @Test
  void entries_are_handed_out_once_and_in_order() {
    CommittedFeed feed = new CommittedFeed(CONFIG, cachedLog(5), 0, 0);
    assertThat(feed.hasBatch()).isFalse();
    feed.maybeCommitTo(1);
    assertThat(take(feed)).extracting(LogEntry::index).containsExactly(1L);
    assertThat(feed.hasBatch()).isFalse();
    feed.maybeCommitTo(3);
    assertThat(take(feed)).extracting(LogEntry::index).containsExactly(2L, 3L);
  }

  @Test
  void batch_and_backlog_are_bounded() {
    CommittedFeed feed = new CommittedFeed(CONFIG, cachedLog(9), 0, 0);
    feed.maybeCommitTo(9);
    assertThat(2 * ENTRY_BYTES).isLessThan(CONFIG.maxApplyBytes());
    assertThat(take(feed)).hasSize(2);
    assertThat(take(feed)).hasSize(2);
    assertThat(feed.hasBatch()).as("the driver has enough").isFalse();
    assertThat(feed.batch()).isEmpty();
    feed.applied(2);
    assertThat(take(feed)).extracting(LogEntry::index).containsExactly(5L, 6L);
  }

  @Test
  void entries_that_left_the_memory_are_fetched_one_batch_at_a_time() {
    CommittedFeed feed = new CommittedFeed(CONFIG, storedLog(5), 0, 5);
    Outbox outbox = new Outbox();
    assertThat(feed.needsFetch()).isTrue();
    LogFetch fetch = fetch(feed, outbox);
    assertThat(fetch.fromIndex()).isEqualTo(1);
    assertThat(fetch.toIndex()).isEqualTo(6);
    assertThat(feed.needsFetch()).as("one at a time").isFalse();
    assertThat(feed.hasBatch()).isFalse();
    assertThat(feed.maybeTakeFetched(fetch.fetchId() + 1, List.of())).isFalse();
    assertThat(feed.maybeTakeFetched(fetch.fetchId(), entries(1, 1, 1))).isTrue();
    assertThat(take(feed)).hasSize(2);
    assertThat(feed.needsFetch()).isTrue();
  }

  @Test
  void fetched_entries_must_be_the_logs_own() {
    CommittedFeed feed = new CommittedFeed(CONFIG, storedLog(5), 0, 5);
    long fetchId = fetch(feed, new Outbox()).fetchId();
    assertThatThrownBy(() -> feed.maybeTakeFetched(fetchId, entries(2, 1)))
        .isInstanceOf(InvariantViolation.class);
    CommittedFeed other = new CommittedFeed(CONFIG, storedLog(5), 0, 5);
    long otherId = fetch(other, new Outbox()).fetchId();
    assertThatThrownBy(() -> other.maybeTakeFetched(otherId, entries(1, 2)))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  void committed_entry_missing_on_disk_stops_the_replica() {
    CommittedFeed feed = new CommittedFeed(CONFIG, storedLog(5), 0, 5);
    long fetchId = fetch(feed, new Outbox()).fetchId();
    assertThatThrownBy(() -> feed.maybeTakeFetched(fetchId, List.of()))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("committed and unapplied entries are stored");
  }

  @Test
  void snapshot_overtakes_a_fetch() {
    RaftLog log = storedLog(5);
    CommittedFeed feed = new CommittedFeed(CONFIG, log, 0, 5);
    long fetchId = fetch(feed, new Outbox()).fetchId();
    log.reset(id(2, 9));
    feed.restored(9);
    assertThat(feed.maybeTakeFetched(fetchId, List.of())).isTrue();
    assertThat(feed.appliedIndex()).isEqualTo(9);
    assertThat(feed.commitIndex()).isEqualTo(9);
    feed.checkInvariants();
  }

  @Test
  void commit_index_never_falls_and_never_exceeds_the_log() {
    CommittedFeed feed = new CommittedFeed(CONFIG, cachedLog(5), 0, 0);
    assertThat(feed.maybeCommitTo(3)).isTrue();
    assertThat(feed.maybeCommitTo(2)).isFalse();
    assertThat(feed.commitIndex()).isEqualTo(3);
    assertThatThrownBy(() -> feed.maybeCommitTo(6)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void only_what_was_handed_out_can_be_applied() {
    CommittedFeed feed = new CommittedFeed(CONFIG, cachedLog(5), 0, 5);
    assertThatThrownBy(() -> feed.applied(1)).isInstanceOf(InvariantViolation.class);
  }
}
