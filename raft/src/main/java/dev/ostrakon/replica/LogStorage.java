package dev.ostrakon.replica;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RecoveredLog;
import java.util.List;

/**
 * The durable Raft log and hard state of one replica.
 *
 * <p>Hazard: a write reported as durable and lost in a crash breaks Raft's safety.
 */
public interface LogStorage {

  /**
   * Reads what is stored. Blocking; called once, before any other method, off the event loop.
   *
   * @throws StorageException if it cannot be read or trusted
   */
  RecoveredLog recover();

  /**
   * Makes a write durable, atomically. Writes of one replica take effect and complete in the order
   * of the calls. A write that need not be synced ({@link LogWrite#mustSync}) completes in its
   * order too, but may be lost in a crash.
   */
  void persist(LogWrite write, Callback<Void> callback);

  /**
   * Reads consecutive entries. The result sees every write whose {@code persist} was called before;
   * it is empty if the first index asked for is not stored.
   */
  void read(LogFetch fetch, Callback<List<LogEntry>> callback);

  /** The largest payload of an entry that can be stored, in bytes. Any thread. */
  default int entryBytesMax() {
    return Integer.MAX_VALUE;
  }
}
