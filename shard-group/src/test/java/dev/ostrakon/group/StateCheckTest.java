package dev.ostrakon.group;

import static dev.ostrakon.group.Given.A;
import static dev.ostrakon.group.Given.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.ManualScheduler;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StorageException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What takes the place of a state can be read back: A11. */
final class StateCheckTest {
  private static SnapshotCheck check() {
    return new StateCheck(new GroupId(1), new MemoryStateStore(new ManualScheduler()));
  }

  private static Map<Bytes, Bytes> written() {
    TestGroup group = TestGroup.serving(new ShardObserver() {});
    group.apply(Given.time(1), Given.execute(1, put(A, "1")));
    group.apply(Given.time(2), Given.order(2, 2, put(A, "2")));
    Map<Bytes, Bytes> rows = new TreeMap<>();
    group.machine().visitMemory(rows::put);
    return rows;
  }

  @Test
  void what_a_group_has_written_passes() {
    SnapshotCheck check = check();
    Map<Bytes, Bytes> rows = written();
    assertThat(rows).hasSizeGreaterThan(3);

    rows.forEach(check::row);
    check.end();
  }

  @Test
  void a_state_without_its_clock_and_settings_does_not() {
    assertThatThrownBy(() -> check().end()).isInstanceOf(StorageException.class);
  }

  @Test
  void garbage_in_any_row_of_the_group_does_not() {
    Bytes garbage = Bytes.wrap(new byte[] {99, 98, 97});
    for (Bytes broken : written().keySet()) {
      SnapshotCheck check = check();
      assertThatThrownBy(
              () -> {
                written().forEach((key, row) -> check.row(key, key.equals(broken) ? garbage : row));
                check.end();
              })
          .as("%s", broken)
          .isInstanceOf(StorageException.class);
    }
  }

  @Test
  void rows_of_no_kind_do_not() {
    for (byte[] key : new byte[][] {{}, {0}, {0, 9}, {1, 0, 0, 1}, {1, 0, 0, 2, 65}, {7, 7, 7}}) {
      SnapshotCheck check = check();
      assertThatThrownBy(
              () -> {
                check.row(Bytes.wrap(key), Bytes.wrap(new byte[20]));
                written().forEach(check::row);
                check.end();
              })
          .isInstanceOf(StorageException.class);
    }
  }

  @Test
  void an_entry_of_a_version_that_is_not_known_is_not_readable() {
    ShardStateMachine machine = TestGroup.serving(new ShardObserver() {}).machine();

    assertThat(machine.isReadable(Bytes.wrap(new byte[] {1, 0}))).isTrue();
    assertThat(machine.isReadable(Bytes.wrap(new byte[] {(byte) 200, 0}))).isFalse();
  }
}
