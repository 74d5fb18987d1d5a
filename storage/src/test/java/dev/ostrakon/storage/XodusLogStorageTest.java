package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.contract.LogModel;
import dev.ostrakon.replica.contract.LogStorageContract;
import dev.ostrakon.replica.contract.Logs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XodusLogStorageTest extends LogStorageContract {

  private static final int WRITES_PER_ROUND = 10;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // By create().
  private TestNode node;

  @AfterEach
  void closeNode() {
    node.close();
  }

  /**
   * A search that begins in a page with a single record may end there although it should not, so
   * this makes such pages: merging is refused while the neighbour is nearly full.
   */
  @Test
  void terms_are_recovered_whatever_the_pages_look_like() {
    LogStorage neighbour = node.log(1, owner);
    LogStorage log = node.log(2, owner);
    neighbour.recover();
    log.recover();
    LogModel model = new LogModel(new RandomSource(1), 1);
    for (int round = 1; round <= NodeStorage.LOG_PAGE_RECORDS; round++) {
      persist(neighbour, Logs.append(Logs.hardState(1, 1, 0), Logs.entries(round, round, 1)));
      for (int left = WRITES_PER_ROUND; left > 0; left--) {
        long index = model.lastIndex() + 1;
        boolean isLast = left == 1;
        int term = isLast ? round + 1 : round;
        EntryId compactTo = isLast ? new EntryId(round, index - 1) : EntryId.ZERO;
        List<LogEntry> entry = Logs.entries(index, index, term);
        LogWrite write =
            new LogWrite(Logs.hardState(term, 1, 0), false, EntryId.ZERO, entry, compactTo);
        model.apply(write);
        persist(log, write);

        RecoveredLog recovered = node.log(2, owner).recover();
        assertThat(recovered.termStarts())
            .as("round %d, %d writes before its end", round, left)
            .isEqualTo(model.recovered().termStarts());
      }
    }
  }

  private void persist(LogStorage log, LogWrite write) {
    owner.<Void>await(callback -> log.persist(write, callback));
  }

  @Override
  protected LogStorage create() {
    node = new TestNode(folder.resolve("n1"));
    return node.log(1, owner);
  }

  @Override
  protected LogStorage reopen(LogStorage before) {
    node.restart();
    return node.log(1, owner);
  }
}
