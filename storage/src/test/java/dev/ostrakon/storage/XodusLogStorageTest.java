package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.contract.LogStorageContract;
import dev.ostrakon.replica.contract.Logs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XodusLogStorageTest extends LogStorageContract {

  private static final int SMALL_COMMITS = 2_000;
  private static final long SMALL_COMMIT_BYTES_MAX = 300;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // By create().
  private TestNode node;

  @AfterEach
  void closeNode() {
    node.close();
  }

  private int powerCuts;

  @SuppressWarnings("NullAway.Init") // By create().
  private LossyDisk disk;

  @Override
  protected LogStorage create() {
    disk = new LossyDisk(folder);
    node = new TestNode(disk, folder.resolve("n1"));
    return node.log(1, owner);
  }

  @Override
  protected void failSyncs() {
    disk.failSyncs(true);
  }

  @Override
  protected LogStorage reopenAfterFailedSync(LogStorage before) {
    disk.failSyncs(false);
    return reopen(before);
  }

  @Override
  protected LogStorage reopenAfterPowerCut(LogStorage before) {
    powerCuts++;
    Path image = folder.resolve("image-" + powerCuts);
    try {
      disk.image(image, new RandomSource(powerCuts));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.close();
    disk = new LossyDisk(image);
    node = new TestNode(disk, image.resolve("n1"));
    return node.log(1, owner);
  }

  @Override
  protected LogStorage reopen(LogStorage before) {
    node.restart();
    return node.log(1, owner);
  }

  /** A commit writes whole pages of the tree, and all that is written must be cleaned one day. */
  @Test
  void small_commits_write_little_beside_their_entries() {
    LogStorage log = node.log(2, owner);
    log.recover();
    for (int index = 1; index <= SMALL_COMMITS; index++) {
      LogWrite write = Logs.append(Logs.hardState(1, 1, 0), Logs.entries(index, index, 1));
      owner.<Void>await(callback -> log.persist(write, callback));
    }
    LogStats stats = node.storage().logStats();
    assertThat(stats.fileBytes() / stats.commits()).isLessThan(SMALL_COMMIT_BYTES_MAX);
  }
}
