package dev.ostrakon.replica;

import dev.ostrakon.replica.contract.StateStoreContract;

class MemoryStateStoreTest extends StateStoreContract {

  @Override
  protected StateStore create() {
    return new MemoryStateStore(owner);
  }

  @Override
  protected StateStore createSecond() {
    return new MemoryStateStore(owner);
  }

  @Override
  protected StateStore reopen(StateStore before) {
    return ((MemoryStateStore) before).reopen(owner);
  }
}
