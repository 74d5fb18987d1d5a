package dev.ostrakon.replica;

import dev.ostrakon.replica.contract.LogStorageContract;

class MemoryLogStorageTest extends LogStorageContract {

  @Override
  protected LogStorage create() {
    return new MemoryLogStorage(owner);
  }

  @Override
  protected LogStorage reopen(LogStorage before) {
    return ((MemoryLogStorage) before).reopen(owner);
  }
}
