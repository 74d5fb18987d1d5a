package dev.ostrakon.replica.contract;

import static dev.ostrakon.replica.contract.Logs.append;
import static dev.ostrakon.replica.contract.Logs.compact;
import static dev.ostrakon.replica.contract.Logs.entries;
import static dev.ostrakon.replica.contract.Logs.fetch;
import static dev.ostrakon.replica.contract.Logs.hardState;
import static dev.ostrakon.replica.contract.Logs.reset;
import static dev.ostrakon.replica.contract.Logs.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link LogStorage}. */
public abstract class LogStorageContract {

  private static final HardState TERM_1 = hardState(1, 1, 0);

  protected final TestOwner owner = new TestOwner();
  private LogStorage log;

  /** A new, empty log, not yet recovered. */
  protected abstract LogStorage create();

  /** The same log as a restarted replica finds it, not yet recovered. */
  protected abstract LogStorage reopen(LogStorage before);

  /** From now on syncs of the disk below fail: what they were to make durable is lost for good. */
  protected abstract void failSyncs();

  /**
   * The log as a restarted replica finds it on a disk that works again. The system still shows what
   * the failed sync did not write. Not yet recovered.
   */
  protected abstract LogStorage reopenAfterFailedSync(LogStorage before);

  /** The log as a restarted replica finds it after a power cut. Not yet recovered. */
  protected abstract LogStorage reopenAfterPowerCut(LogStorage before);

  @BeforeEach
  void openEmpty() {
    log = create();
  }

  @Test
  void new_log_is_empty() {
    assertThat(log.recover()).isEqualTo(RecoveredLog.EMPTY);
    assertThat(read(fetch(1, 10))).isEmpty();
  }

  @Test
  void appended_entries_survive_a_restart() {
    log.recover();
    persist(append(hardState(2, 3, 1), entries(1, 3, 2)));
    persist(append(hardState(2, 3, 2), entries(4, 4, 2)));

    assertThat(restart().lastIndex()).isEqualTo(4);
    assertThat(read(fetch(1, 10)).get(3)).isEqualTo(entries(4, 4, 2).get(0));
    assertThat(read(fetch(1, 10))).hasSize(4);
  }

  @Test
  void what_recovery_finds_after_a_failed_sync_survives_a_power_cut() {
    log.recover();
    persist(append(TERM_1, entries(1, 3, 1)));
    failSyncs();
    assertThatThrownBy(() -> persist(append(hardState(2, 3, 1), entries(4, 5, 2))))
        .isInstanceOf(StorageException.class);

    log = reopenAfterFailedSync(log);
    RecoveredLog found = log.recover();
    assertThat(found.lastIndex()).isBetween(3L, 5L);
    log = reopenAfterPowerCut(log);
    assertThat(log.recover()).isEqualTo(found);
  }

  @Test
  void what_is_written_after_a_failed_sync_and_a_restart_survives_a_power_cut() {
    log.recover();
    persist(append(TERM_1, entries(1, 3, 1)));
    failSyncs();
    assertThatThrownBy(() -> persist(append(TERM_1, entries(4, 5, 1))))
        .isInstanceOf(StorageException.class);

    log = reopenAfterFailedSync(log);
    long next = log.recover().lastIndex() + 1;
    persist(append(hardState(2, 3, 1), entries(next, next + 1, 2)));
    log = reopenAfterPowerCut(log);
    assertThat(log.recover().lastIndex()).isEqualTo(next + 1);
    assertThat(read(fetch(1, 100))).hasSize((int) next + 1);
  }

  @Test
  void vote_survives_a_restart() {
    log.recover();
    persist(vote(hardState(7, 3, 0)));
    assertThat(restart().hardState()).isEqualTo(hardState(7, 3, 0));
  }

  @Test
  void recovery_names_the_first_entry_of_each_term() {
    log.recover();
    persist(append(TERM_1, entries(1, 3, 1)));
    persist(append(TERM_1, entries(4, 5, 4)));
    persist(append(TERM_1, entries(6, 6, 5)));

    assertThat(restart().termStarts())
        .containsExactly(new EntryId(1, 1), new EntryId(4, 4), new EntryId(5, 6));
  }

  @Test
  void recovery_names_the_term_right_above_a_base_in_the_middle_of_it() {
    log.recover();
    persist(append(TERM_1, entries(1, 6, 3)));
    persist(compact(TERM_1, new EntryId(3, 4)));
    persist(append(TERM_1, entries(7, 7, 4)));

    RecoveredLog recovered = restart();
    assertThat(recovered.base()).isEqualTo(new EntryId(3, 4));
    assertThat(recovered.termStarts()).containsExactly(new EntryId(3, 5), new EntryId(4, 7));
  }

  @Test
  void append_in_the_middle_removes_everything_after_it() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(append(TERM_1, entries(5, 6, 2)));

    assertThat(restart().lastIndex()).isEqualTo(6);
    List<LogEntry> expected = new ArrayList<>(entries(1, 4, 1));
    expected.addAll(entries(5, 6, 2));
    assertThat(read(fetch(1, 100))).isEqualTo(expected);
  }

  @Test
  void compacted_entries_cannot_be_read() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(compact(TERM_1, new EntryId(1, 4)));

    assertThat(read(fetch(4, 10))).isEmpty();
    assertThat(read(fetch(5, 10))).isEqualTo(entries(5, 9, 1));
  }

  @Test
  void compaction_of_everything_leaves_an_empty_log_that_goes_on() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(compact(TERM_1, new EntryId(1, 9)));
    persist(append(TERM_1, entries(10, 10, 1)));

    RecoveredLog recovered = restart();
    assertThat(recovered.base()).isEqualTo(new EntryId(1, 9));
    assertThat(recovered.lastIndex()).isEqualTo(10);
    assertThat(read(fetch(10, 11))).isEqualTo(entries(10, 10, 1));
  }

  @Test
  void reset_drops_the_log_and_starts_anew() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(reset(hardState(3, 0, 5), new EntryId(2, 5)));

    RecoveredLog recovered = restart();
    assertThat(recovered)
        .isEqualTo(new RecoveredLog(hardState(3, 0, 5), new EntryId(2, 5), 5, List.of()));
    assertThat(read(fetch(6, 10))).isEmpty();
    persist(append(hardState(3, 0, 5), entries(6, 7, 3)));
    assertThat(read(fetch(6, 10))).isEqualTo(entries(6, 7, 3));
  }

  @Test
  void reset_beyond_the_end_starts_anew() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(reset(hardState(3, 0, 50), new EntryId(2, 50)));
    persist(append(hardState(3, 0, 50), entries(51, 51, 2)));

    RecoveredLog recovered = restart();
    assertThat(recovered.lastIndex()).isEqualTo(51);
    assertThat(recovered.termStarts()).containsExactly(new EntryId(2, 51));
    assertThat(read(fetch(9, 10))).isEmpty();
  }

  @Test
  void one_write_resets_appends_and_compacts_in_this_order() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    persist(
        new LogWrite(TERM_1, false, new EntryId(1, 20), entries(21, 25, 2), new EntryId(2, 22)));

    RecoveredLog recovered = restart();
    assertThat(recovered.base()).isEqualTo(new EntryId(2, 22));
    assertThat(read(fetch(23, 30))).isEqualTo(entries(23, 25, 2));
  }

  @Test
  void read_sees_writes_that_are_not_durable_yet() {
    log.recover();
    TestOwner.Outcome<List<LogEntry>> outcome = new TestOwner.Outcome<>();
    log.persist(append(TERM_1, entries(1, 3, 1)), new TestOwner.Outcome<>());
    log.read(fetch(2, 4), outcome);
    log.persist(append(TERM_1, entries(4, 4, 1)), new TestOwner.Outcome<>());
    owner.runUntil(outcome::isDone);
    assertThat(outcome.result()).isEqualTo(entries(2, 3, 1));
  }

  @Test
  void read_stops_at_the_entry_that_reaches_the_limit() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    int size = entries(1, 1, 1).get(0).sizeBytes();

    assertThat(read(new LogFetch(1, 1, 10, 1))).hasSize(1);
    assertThat(read(new LogFetch(1, 1, 10, size + 1))).hasSize(2);
    assertThat(read(new LogFetch(1, 8, 100, 1 << 20))).hasSize(2);
    assertThat(read(new LogFetch(1, 10, 100, 1 << 20))).isEmpty();
  }

  @Test
  void writes_complete_in_the_order_of_the_calls_and_after_them() {
    log.recover();
    List<Integer> completed = new ArrayList<>();
    List<TestOwner.Outcome<Void>> outcomes = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      int number = i;
      TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
      outcomes.add(outcome);
      LogWrite write =
          i % 7 == 0 ? compact(TERM_1, new EntryId(1, i / 7)) : append(TERM_1, nextEntry(i));
      log.persist(write, Recording.of(outcome, () -> completed.add(number)));
    }
    assertThat(completed).isEmpty();
    owner.runUntil(() -> completed.size() == 50);
    assertThat(completed).isSorted();
    assertThat(outcomes).allMatch(outcome -> outcome.failure() == null);
  }

  @Test
  void write_that_need_not_be_synced_completes_without_another_write() {
    log.recover();
    persist(append(TERM_1, entries(1, 9, 1)));
    LogWrite lazy = compact(TERM_1, new EntryId(1, 5));
    assertThat(lazy.mustSync()).isFalse();
    persist(lazy);
    assertThat(read(fetch(5, 6))).isEmpty();
  }

  @Test
  void append_that_leaves_a_gap_is_refused() {
    log.recover();
    persist(append(TERM_1, entries(1, 3, 1)));
    assertThatThrownBy(
            () -> log.persist(append(TERM_1, entries(5, 5, 1)), new TestOwner.Outcome<>()))
        .isInstanceOf(InvariantViolation.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void random_writes_reads_and_restarts_agree_with_a_list(long seed) {
    RandomSource random = new RandomSource(seed);
    LogModel model = new LogModel(random.fork("model"), 600);
    log.recover();
    for (int step = 0; step < 150; step++) {
      persist(model.nextWrite());
      LogFetch fetch = model.nextFetch();
      assertThat(read(fetch)).as("step %d", step).isEqualTo(model.expected(fetch));
      if (random.chance(0.03)) {
        RecoveredLog recovered = restart();
        RecoveredLog expected = model.recovered();
        assertThat(recovered.base()).isEqualTo(expected.base());
        assertThat(recovered.lastIndex()).isEqualTo(expected.lastIndex());
        assertThat(recovered.termStarts()).isEqualTo(expected.termStarts());
        assertThat(recovered.hardState().term()).isEqualTo(expected.hardState().term());
        assertThat(recovered.hardState().votedFor()).isEqualTo(expected.hardState().votedFor());
        assertThat(read(fetch(recovered.base().index() + 1, 1L << 40))).isEqualTo(model.entries());
      }
    }
  }

  /** The next entry if every seventh write before it was none. */
  private static List<LogEntry> nextEntry(int write) {
    long index = (long) write - write / 7;
    return entries(index, index, 1);
  }

  private RecoveredLog restart() {
    log = reopen(log);
    return log.recover();
  }

  private void persist(LogWrite write) {
    owner.<Void>await(callback -> log.persist(write, callback));
  }

  private List<LogEntry> read(LogFetch fetch) {
    return owner.await(callback -> log.read(fetch, callback));
  }
}
