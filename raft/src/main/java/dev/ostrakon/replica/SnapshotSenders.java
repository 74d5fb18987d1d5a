package dev.ostrakon.replica;

import dev.ostrakon.raft.Completion;
import dev.ostrakon.raft.Envelope;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.ReplicaId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The snapshot transfers of one leadership, at most one to each follower. */
final class SnapshotSenders {

  private final StateStore state;
  private final ReplicaConfig config;
  private final Consumer<Envelope> outlet;
  private final Consumer<Completion.SnapshotSent> onEnd;
  private final Turn turn;
  private final Map<ReplicaId, SnapshotSender> senders = new TreeMap<>();
  private long transferCount;

  SnapshotSenders(
      StateStore state,
      ReplicaConfig config,
      Consumer<Envelope> outlet,
      Consumer<Completion.SnapshotSent> onEnd,
      Turn turn) {
    this.state = state;
    this.config = config;
    this.outlet = outlet;
    this.onEnd = onEnd;
    this.turn = turn;
  }

  /** Starts a transfer in this term unless one is under way. */
  void start(ReplicaId to, long term) {
    if (senders.containsKey(to)) {
      return;
    }
    transferCount++;
    SnapshotSender sender =
        new SnapshotSender(
            new SnapshotSender.Transfer(to, term, transferCount),
            config,
            chunk -> outlet.accept(new Envelope(to, chunk)),
            installedIndex -> {
              senders.remove(to);
              onEnd.accept(new Completion.SnapshotSent(to, installedIndex));
            },
            turn);
    senders.put(to, sender);
    sender.start(state);
  }

  void onResponse(ReplicaId from, InstallSnapshotResponse response) {
    SnapshotSender sender = senders.get(from);
    if (sender != null) {
      sender.onResponse(response);
    }
  }

  void tick() {
    List.copyOf(senders.values()).forEach(SnapshotSender::tick);
  }

  /** Ends all transfers without a word: the leadership is over. */
  void abort() {
    senders.values().forEach(SnapshotSender::abort);
    senders.clear();
  }
}
