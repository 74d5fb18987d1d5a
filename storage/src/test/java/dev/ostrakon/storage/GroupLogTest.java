package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.contract.LogModel;
import dev.ostrakon.replica.contract.Logs;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log recovers, and what it refuses to recover from. */
class GroupLogTest {

  private static final int WRITES_PER_ROUND = 10;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // By open().
  private XodusEnvironment environment;

  @SuppressWarnings("NullAway.Init") // By open().
  private Store store;

  @BeforeEach
  void open() {
    environment = TestNode.openLog(folder.resolve("log"));
    store = environment.openStore("log", StoreConfig.WITHOUT_DUPLICATES);
  }

  @AfterEach
  void close() {
    environment.close();
  }

  /**
   * A search that begins in a page with a single record may end there although it should not, so
   * this makes such pages: merging is refused while the neighbour is nearly full.
   */
  @Test
  void terms_are_recovered_whatever_the_pages_look_like() {
    GroupLog neighbour = log(1);
    GroupLog log = log(2);
    LogModel model = new LogModel(new RandomSource(1), 1);
    int misleading = 0;
    for (int round = 1; round <= NodeStorage.LOG_PAGE_RECORDS; round++) {
      write(neighbour, Logs.append(Logs.hardState(1, 1, 0), Logs.entries(round, round, 1)));
      for (int left = WRITES_PER_ROUND; left > 0; left--) {
        long index = model.lastIndex() + 1;
        boolean isLast = left == 1;
        int term = isLast ? round + 1 : round;
        EntryId compactTo = isLast ? new EntryId(round, index - 1) : EntryId.ZERO;
        List<LogEntry> entry = Logs.entries(index, index, term);
        LogWrite write =
            new LogWrite(Logs.hardState(term, 1, 0), false, EntryId.ZERO, entry, compactTo);
        model.apply(write);
        write(log, write);

        assertThat(environment.read(log(2)::recover).termStarts())
            .as("round %d, %d writes before its end", round, left)
            .isEqualTo(model.recovered().termStarts());
        misleading += environment.read(this::misleadsFromTheEnd) ? 1 : 0;
      }
    }
    assertThat(misleading).as("recoveries from pages that mislead a second search").isPositive();
  }

  /** Whether a search for the terms of group 2 goes wrong with a cursor that was at the end. */
  private boolean misleadsFromTheEnd(Transaction txn) {
    ByteIterable terms = LogKey.term(2, 0).encode();
    try (Cursor fresh = store.openCursor(txn);
        Cursor used = store.openCursor(txn)) {
      used.getLast();
      return fresh.getSearchKeyRange(terms) != null
          && (used.getSearchKeyRange(terms) == null || !used.getKey().equals(fresh.getKey()));
    }
  }

  private GroupLog log(long group) {
    return new GroupLog(group, store, new LogRecord(folder));
  }

  private void write(GroupLog log, LogWrite write) {
    environment.write(
        txn -> {
          log.apply(txn, write);
          return log.deleteGarbage(txn, NodeStorage.LOG_PAGE_RECORDS);
        });
  }

  @Test
  void lost_term_is_noticed() {
    assertRefused(
        (store, txn) -> store.delete(txn, LogKey.term(1, 4).encode()), "entry 6 in term 1");
  }

  @Test
  void term_behind_the_last_entry_is_noticed() {
    assertRefused((store, txn) -> putTerm(store, txn, 9, 3), "ascending terms");
  }

  @Test
  void term_below_the_one_before_is_noticed() {
    assertRefused(
        (store, txn) -> putTerm(store, txn, 3, 7) && putTerm(store, txn, 4, 2), "ascending terms");
  }

  private static boolean putTerm(Store store, Transaction txn, long index, long term) {
    LogKey key = LogKey.term(1, index);
    return store.put(txn, key.encode(), LogRecord.encodeTerm(key, term));
  }

  /** A log of three entries in term 1 and three in term 2, damaged, is not recovered. */
  private void assertRefused(BiPredicate<Store, Transaction> damage, String message) {
    GroupLog log = log(1);
    environment.write(
        txn -> {
          log.apply(txn, Logs.append(Logs.hardState(2, 1, 0), Logs.entries(1, 3, 1)));
          log.apply(txn, Logs.append(Logs.hardState(2, 1, 0), Logs.entries(4, 6, 2)));
          return damage.test(store, txn);
        });

    GroupLog restarted = log(1);
    assertThatThrownBy(() -> environment.read(restarted::recover))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT);
              assertThat(e).hasMessageContaining(message);
            });
  }
}
