package dev.ostrakon.storage;

import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.contract.StateStoreContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class XodusStateStoreTest extends StateStoreContract {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // By create().
  private TestNode node;

  private @Nullable TestNode secondNode;
  private @Nullable StateStore second;

  @AfterEach
  void closeNodes() {
    node.close();
    if (secondNode != null) {
      secondNode.close();
    }
  }

  @Override
  protected StateStore create() {
    node = new TestNode(folder.resolve("n1"));
    return node.state(1, owner);
  }

  @Override
  protected StateStore createSecond() {
    TestNode other = new TestNode(folder.resolve("n2"));
    StateStore created = other.state(1, owner);
    secondNode = other;
    second = created;
    return created;
  }

  @Override
  protected StateStore reopen(StateStore before) {
    TestNode other = secondNode;
    if (other == null || before != second) {
      node.restart();
      return node.state(1, owner);
    }
    other.restart();
    StateStore reopened = other.state(1, owner);
    second = reopened;
    return reopened;
  }
}
