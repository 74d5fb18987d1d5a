package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {

  /** More than one commit deletes. */
  private static final int RUNS = 900;

  private final TestOwner owner = new TestOwner();

  @TempDir Path folder;

  @Test
  void dead_entries_go_bit_by_bit_while_nothing_is_written() {
    try (XodusEnvironment environment = TestNode.openLog(folder)) {
      Store store = environment.openStore("log", StoreConfig.WITHOUT_DUPLICATES);
      try (LogWriter writer = new LogWriter(environment, TestNode.CONFIG, Runnable::run)) {
        writer.start();
        GroupLog stored = new GroupLog(1, store, new LogRecord(folder));
        LogStorage log =
            new XodusLogStorage(
                writer,
                new LogHandover(writer, owner),
                stored,
                owner,
                TestNode.CONFIG.entryBytesMax());
        log.recover();
        appendRuns(log);
        long before = writer.stats().commits();
        owner.<Void>await(
            callback ->
                log.persist(
                    Logs.compact(Logs.hardState(1, 1, 0), new EntryId(1, RUNS - 1)), callback));
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(10))
            // The meta record and the run of the last entry.
            .until(() -> environment.read(store::count) == 2);
        // A commit is counted after it can be seen.
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () -> assertThat(writer.stats().commits() - before).isGreaterThanOrEqualTo(3));
      }
    }
  }

  /** So many entries, each a run of its own. */
  private void appendRuns(LogStorage log) {
    List<TestOwner.Outcome<Void>> outcomes = new ArrayList<>();
    for (int index = 1; index <= RUNS; index++) {
      TestOwner.Outcome<Void> outcome = new TestOwner.Outcome<>();
      log.persist(Logs.append(Logs.hardState(1, 1, 0), Logs.entries(index, index, 1)), outcome);
      outcomes.add(outcome);
    }
    owner.runUntil(() -> outcomes.stream().allMatch(TestOwner.Outcome::isDone));
  }
}
