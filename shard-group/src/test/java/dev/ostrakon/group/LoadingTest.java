package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.B;
import static dev.ostrakon.group.Given.append;
import static dev.ostrakon.group.Given.execute;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.order;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.CommandBatch;
import dev.ostrakon.group.command.CommandCodec;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that memory does not hold when an entry needs them. */
final class LoadingTest {
  private final TestGroup group = TestGroup.serving(ShardObserver.NONE);

  @Test
  void a_key_that_an_entry_unpins_is_still_there_for_its_later_commands() {
    group.apply(time(1), execute(1, put(A, "1")));
    group.apply(time(2), order(2, 2, get(A)));
    group.checkpoint();
    TxnOutcome commit = new TxnOutcome.Commit(Branch.THEN);

    BatchResult result =
        group.apply(
            time(3), new Command.Apply(txn(2), time(2), commit), order(3, 3, append(A, "2")));

    assertThat(result.results().get(1))
        .isInstanceOfSatisfying(
            CommandResult.Status.class,
            status -> assertThat(status.status()).isInstanceOf(TxnStatus.Ready.class));
    group.apply(time(4), new Command.Apply(txn(3), time(3), commit));
    assertThat(group.text(A)).isEqualTo("12");
    assertThat(group.machine().state().data.pinnedCount()).isZero();
    assertThat(group.machine().state().data.pinnedBytes()).isZero();
  }

  /** The next entry is handed over in the callback that has loaded the keys of the one before. */
  @Test
  void a_key_that_is_in_memory_for_the_entry_before_is_loaded_for_the_next() {
    group.apply(time(1), execute(1, put(A, "1")), execute(2, put(B, "2")));
    group.checkpoint();
    List<BatchResult> results = new ArrayList<>();
    LogEntry second = entry(11, execute(4, get(A), get(B)));

    group
        .machine()
        .apply(
            entry(10, execute(3, get(A))),
            first -> {
              results.add(first);
              group.machine().apply(second, results::add);
            });
    group.run();

    assertThat(results).hasSize(2);
    assertThat(results.get(1).results().get(0)).isInstanceOf(CommandResult.Executed.class);
  }

  /** What was found for a command before, or pinned meanwhile, is not what a later one sees. */
  @Test
  void commands_of_one_entry_see_what_those_before_them_wrote() {
    BatchResult result =
        group.apply(
            time(1),
            execute(1, put(A, "1")),
            order(2, 9, append(A, "2")),
            new Command.Apply(txn(2), time(9), new TxnOutcome.Commit(Branch.THEN)),
            execute(3, append(A, "3")),
            execute(4, put(B, "x")),
            execute(5, new Operation.Delete(B)));

    assertThat(result.results()).hasSize(6);
    assertThat(group.text(A)).isEqualTo("123");
    assertThat(group.stored(B)).isEmpty();
    assertThat(group.machine().keyCount()).isEqualTo(1);
    group.apply(time(20), execute(6, new Operation.Delete(A)), execute(7, append(A, "4")));
    assertThat(group.text(A)).isEqualTo("4");
    assertThat(group.machine().keyCount()).isEqualTo(1);
  }

  /**
   * A front may batch both: the keys are on disk where the slots that the entry brings put them.
   */
  @Test
  void keys_are_loaded_by_the_slots_that_their_own_entry_brings() {
    GroupId one = new GroupId(1);
    TestGroup fresh = new TestGroup(one, ShardObserver.NONE);

    BatchResult result =
        fresh.apply(
            time(1),
            new Command.Adopt(
                GroupSettings.DEFAULTS, TestGroup.configuration(1, List.of(one, one, one, one))),
            order(1, 1, append(A, "1")),
            execute(2, put(B, "2")));

    assertThat(result.results().get(2)).isInstanceOf(CommandResult.Executed.class);
  }

  private static LogEntry entry(long index, Command command) {
    return new LogEntry(
        index,
        1,
        EntryKind.COMMAND,
        CommandCodec.encode(new CommandBatch(time(index), List.of(command))));
  }
}
