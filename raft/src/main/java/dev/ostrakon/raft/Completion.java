package dev.ostrakon.raft;

import java.util.List;

/** The outside world reports that something a {@link Ready} asked for has happened. */
public sealed interface Completion {

  /** The case, for exhaustive switches. */
  Kind kind();

  /** The cases. */
  enum Kind {
    LOG_PERSISTED,
    ENTRIES_APPLIED,
    LOG_FETCHED,
    CHECKPOINT_DURABLE,
    SNAPSHOT_INSTALLED,
    SNAPSHOT_SENT
  }

  /** The log write of the Ready with this number, and of all before it, is durable. */
  record LogPersisted(long readyNumber) implements Completion {
    @Override
    public Kind kind() {
      return Kind.LOG_PERSISTED;
    }
  }

  /** The state machine contains everything up to and including this index. */
  record EntriesApplied(long appliedIndex) implements Completion {
    @Override
    public Kind kind() {
      return Kind.ENTRIES_APPLIED;
    }
  }

  /**
   * Answer to a {@link LogFetch}.
   *
   * @param entries consecutive from the index asked for; empty if that one is not stored any more
   */
  record LogFetched(long fetchId, List<LogEntry> entries) implements Completion {
    public LogFetched {
      entries = List.copyOf(entries);
    }

    @Override
    public Kind kind() {
      return Kind.LOG_FETCHED;
    }
  }

  /** The state up to here is durable without the log: the log may be compacted. */
  record CheckpointDurable(SnapshotMetadata metadata) implements Completion {
    @Override
    public Kind kind() {
      return Kind.CHECKPOINT_DURABLE;
    }
  }

  /** A snapshot received from a leader has atomically and durably replaced the state. */
  record SnapshotInstalled(SnapshotMetadata metadata) implements Completion {
    @Override
    public Kind kind() {
      return Kind.SNAPSHOT_INSTALLED;
    }
  }

  /**
   * A transfer to a follower ended.
   *
   * @param to the follower
   * @param installedIndex the index it now holds, or 0 if the transfer failed and is to be retried
   *     later
   */
  record SnapshotSent(ReplicaId to, long installedIndex) implements Completion {
    @Override
    public Kind kind() {
      return Kind.SNAPSHOT_SENT;
    }
  }
}
