package dev.ostrakon.replica;

import dev.ostrakon.replica.contract.LogStorageContract;

class MemoryLogStorageTest extends LogStorageContract {

  @SuppressWarnings("NullAway.Init") // By create().
  private MemoryLogStorage log;

  @Override
  protected LogStorage create() {
    log = new MemoryLogStorage(owner);
    return log;
  }

  @Override
  protected void failSyncs() {
    log.failSyncs();
  }

  @Override
  protected LogStorage reopenAfterFailedSync(LogStorage before) {
    return reopen(before);
  }

  @Override
  protected LogStorage reopenAfterPowerCut(LogStorage before) {
    return reopen(before);
  }

  @Override
  protected LogStorage reopen(LogStorage before) {
    return ((MemoryLogStorage) before).reopen(owner);
  }
}
