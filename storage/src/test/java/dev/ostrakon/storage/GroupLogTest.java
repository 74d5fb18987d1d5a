package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.contract.Logs;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log refuses to recover from. */
class GroupLogTest {

  private static final XodusEnvironment.Settings SETTINGS =
      new XodusEnvironment.Settings(
          new BlockFolder.Layout(1, 1 << 20, 1 << 20, true),
          64,
          1 << 16,
          1 << 20,
          false,
          1_000,
          50);

  @TempDir Path folder;

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
    try (XodusEnvironment environment =
        XodusEnvironment.open(new SystemDisk(), folder.resolve("log"), SETTINGS)) {
      Store store = environment.openStore("log", StoreConfig.WITHOUT_DUPLICATES);
      GroupLog log = new GroupLog(1, store, new LogRecord(folder));
      environment.write(
          txn -> {
            log.apply(txn, Logs.append(Logs.hardState(2, 1, 0), Logs.entries(1, 3, 1)));
            log.apply(txn, Logs.append(Logs.hardState(2, 1, 0), Logs.entries(4, 6, 2)));
            return damage.test(store, txn);
          });

      GroupLog restarted = new GroupLog(1, store, new LogRecord(folder));
      assertThatThrownBy(() -> environment.read(restarted::recover))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT);
                assertThat(e).hasMessageContaining(message);
              });
    }
  }
}
