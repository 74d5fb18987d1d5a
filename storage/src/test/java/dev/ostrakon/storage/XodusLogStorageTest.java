package dev.ostrakon.storage;

import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.contract.LogStorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class XodusLogStorageTest extends LogStorageContract {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // By create().
  private TestNode node;

  @AfterEach
  void closeNode() {
    node.close();
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
