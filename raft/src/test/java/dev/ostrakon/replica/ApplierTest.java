package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ApplierTest {
  private static final int TASKS_MAX = 1_000;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<Long> applied = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();
  private boolean isHeld;

  /** What each entry takes. */
  private long nanosPerEntry;

  private final Applier<String> applier =
      new Applier<>(
          new Machine(),
          scheduler,
          new OwnTurn(),
          new Host(),
          new SnapshotMetadata(EntryId.ZERO, Membership.EMPTY));

  @Test
  void large_entries_share_their_turns_with_others() {
    applier.add(entries(100, 100_000));

    assertThat(applied).hasSize(11); // What exceeds 1 MiB ends the turn.

    scheduler.runOne();
    assertThat(applied).hasSize(22);

    scheduler.runAll(TASKS_MAX);
    assertThat(applied).hasSize(100).isSorted();
    assertThat(progress).last().isEqualTo(100L);
  }

  @Test
  void slow_entries_share_their_turns_with_others() {
    nanosPerEntry = 4_000_000; // 4 ms

    applier.add(entries(10, 1));

    assertThat(applied).hasSize(3);
    scheduler.runAll(TASKS_MAX);
    assertThat(applied).hasSize(10);
  }

  @Test
  void what_is_added_meanwhile_waits_for_the_next_turn() {
    applier.add(entries(100, 100_000));
    int first = applied.size();

    applier.add(List.of(entry(101, 1)));

    assertThat(applied).hasSize(first);
    scheduler.runAll(TASKS_MAX);
    assertThat(applied).hasSize(101);
  }

  @Test
  void a_held_applier_goes_on_when_it_is_resumed_and_not_before() {
    isHeld = true;
    applier.add(entries(3, 1));
    scheduler.runAll(TASKS_MAX);
    assertThat(applied).isEmpty();

    isHeld = false;
    applier.resume();

    assertThat(applied).hasSize(3);
  }

  private static List<LogEntry> entries(int count, int bytes) {
    List<LogEntry> entries = new ArrayList<>();
    for (int index = 1; index <= count; index++) {
      entries.add(entry(index, bytes));
    }
    return entries;
  }

  private static LogEntry entry(long index, int bytes) {
    return new LogEntry(index, 1, EntryKind.COMMAND, Bytes.wrap(new byte[bytes]));
  }

  private final class Machine implements StateMachine<String> {
    @Override
    public void restored(SnapshotMetadata at) {}

    @Override
    public void apply(LogEntry entry, Consumer<String> done) {
      scheduler.advance(nanosPerEntry);
      done.accept("done");
    }

    @Override
    public void beforeCheckpoint() {}
  }

  private final class Host implements Applier.Host<String> {
    @Override
    public boolean mayApplyNext() {
      return !isHeld;
    }

    @Override
    public void onApplied(LogEntry entry, String result) {
      applied.add(entry.index());
    }

    @Override
    public void onProgress(long appliedIndex) {
      progress.add(appliedIndex);
    }
  }

  private static final class OwnTurn implements Turn {
    @Override
    public void run(Runnable input) {
      input.run();
    }

    @Override
    public <T> Callback<T> callback(Consumer<T> success) {
      throw new UnsupportedOperationException("an applier has no callbacks");
    }
  }
}
