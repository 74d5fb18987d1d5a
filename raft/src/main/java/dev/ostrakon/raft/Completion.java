package dev.ostrakon.raft;

import java.util.List;

/** The outside world reports that something a {@link Ready} asked for has happened. */
public sealed interface Completion {

  /** The case, for exhaustive switches. */
  Kind kind();

  /** Calls the handler's method for this case. */
  void deliverTo(Handler handler);

  /** The cases. */
  enum Kind {
    LOG_PERSISTED,
    ENTRIES_APPLIED,
    LOG_FETCHED,
    CHECKPOINT_DURABLE,
    SNAPSHOT_INSTALLED,
    SNAPSHOT_SENT
  }

  /** Receives completions, one method for each case. */
  interface Handler {
    void onLogPersisted(LogPersisted completion);

    void onEntriesApplied(EntriesApplied completion);

    void onLogFetched(LogFetched completion);

    void onCheckpointDurable(CheckpointDurable completion);

    void onSnapshotInstalled(SnapshotInstalled completion);

    void onSnapshotSent(SnapshotSent completion);
  }

  /** The log write of the Ready with this number, and of all before it, is durable. */
  record LogPersisted(long readyNumber) implements Completion {
    @Override
    public Kind kind() {
      return Kind.LOG_PERSISTED;
    }

    @Override
    public void deliverTo(Handler handler) {
      handler.onLogPersisted(this);
    }
  }

  /** The state machine contains everything up to and including this index. */
  record EntriesApplied(long appliedIndex) implements Completion {
    @Override
    public Kind kind() {
      return Kind.ENTRIES_APPLIED;
    }

    @Override
    public void deliverTo(Handler handler) {
      handler.onEntriesApplied(this);
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

    @Override
    public void deliverTo(Handler handler) {
      handler.onLogFetched(this);
    }
  }

  /** The state up to here is durable without the log: the log may be compacted. */
  record CheckpointDurable(SnapshotMetadata metadata) implements Completion {
    @Override
    public Kind kind() {
      return Kind.CHECKPOINT_DURABLE;
    }

    @Override
    public void deliverTo(Handler handler) {
      handler.onCheckpointDurable(this);
    }
  }

  /** A snapshot received from a leader has atomically and durably replaced the state. */
  record SnapshotInstalled(SnapshotMetadata metadata) implements Completion {
    @Override
    public Kind kind() {
      return Kind.SNAPSHOT_INSTALLED;
    }

    @Override
    public void deliverTo(Handler handler) {
      handler.onSnapshotInstalled(this);
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

    @Override
    public void deliverTo(Handler handler) {
      handler.onSnapshotSent(this);
    }
  }
}
