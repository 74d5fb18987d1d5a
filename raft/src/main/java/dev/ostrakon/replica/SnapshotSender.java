package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.StateStore.SnapshotReader;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams the newest checkpoint to one follower: a window of chunks, cumulative acknowledgements,
 * and a repeat of the window when none comes (Raft paper 7, with flow control).
 *
 * <p>Holds at most one window of chunks in memory. Ends once, by calling {@code onEnd} with the
 * index installed, or 0; an aborted transfer ends silently.
 */
final class SnapshotSender {

  /** Where the transfer goes, and under which names. */
  record Transfer(ReplicaId to, long term, long number) {}

  private final Transfer transfer;
  private final ReplicaConfig config;
  private final Consumer<InstallSnapshot> outlet;
  private final LongConsumer onEnd;
  private final Turn turn;

  private @Nullable SnapshotReader reader;

  /** Read and not acknowledged, in order; the first has number {@code acknowledged}. */
  private final ArrayDeque<InstallSnapshot> window = new ArrayDeque<>();

  /** Read ahead by one, because only the end of the data tells which chunk is the last. */
  private @Nullable Bytes lookahead;

  private boolean reading;
  private boolean everythingRead;
  private boolean ended;
  private long acknowledged;
  private long nextSequence;
  private int idleTicks;

  SnapshotSender(
      Transfer transfer,
      ReplicaConfig config,
      Consumer<InstallSnapshot> outlet,
      LongConsumer onEnd,
      Turn turn) {
    this.transfer = transfer;
    this.config = config;
    this.outlet = outlet;
    this.onEnd = onEnd;
    this.turn = turn;
  }

  void start(StateStore state) {
    state.openSnapshot(turn.callback(this::onOpened));
  }

  private void onOpened(SnapshotReader opened) {
    if (ended) {
      opened.close();
    } else {
      reader = opened;
      fill();
    }
  }

  void onResponse(InstallSnapshotResponse response) {
    if (ended || response.transfer() != transfer.number() || response.term() != transfer.term()) {
      return;
    }
    switch (response.state()) {
      case INSTALLED -> end(reader == null ? 0 : reader.metadata().index());
      case REFUSED -> end(0);
      case RECEIVING -> onReceived(response.nextSequence());
    }
  }

  private void onReceived(long nextExpected) {
    if (nextExpected <= acknowledged || nextExpected > nextSequence) {
      return;
    }
    idleTicks = 0;
    while (acknowledged < nextExpected) {
      window.removeFirst();
      acknowledged++;
    }
    fill();
  }

  /** One tick of time: repeats what seems lost and gives up in the end. */
  void tick() {
    if (ended) {
      return;
    }
    idleTicks++;
    if (idleTicks >= config.snapshotTimeoutTicks()) {
      end(0);
    } else if (idleTicks % (2 * config.raft().heartbeatTicks()) == 0) {
      window.forEach(outlet);
    }
  }

  /** Ends without a word; safe to call twice. */
  void abort() {
    ended = true;
    window.clear();
    lookahead = null;
    if (reader != null) {
      reader.close();
    }
  }

  private void end(long installedIndex) {
    if (!ended) {
      abort();
      onEnd.accept(installedIndex);
    }
  }

  private void fill() {
    SnapshotReader source = reader;
    if (ended
        || reading
        || everythingRead
        || source == null
        || window.size() >= config.snapshotWindowChunks()) {
      return;
    }
    reading = true;
    source.next(
        config.snapshotChunkBytes(), turn.callback(part -> onPart(part, source.metadata())));
  }

  private void onPart(Bytes part, SnapshotMetadata metadata) {
    reading = false;
    if (ended) {
      return;
    }
    Bytes previous = lookahead;
    everythingRead = part.isEmpty();
    lookahead = part;
    if (previous != null) {
      emit(previous, metadata);
    } else if (everythingRead) {
      emit(Bytes.EMPTY, metadata); // The state is empty: its snapshot is one empty chunk.
    }
    fill();
  }

  private void emit(Bytes data, SnapshotMetadata metadata) {
    InstallSnapshot chunk =
        new InstallSnapshot(
            transfer.term(),
            transfer.number(),
            metadata,
            nextSequence,
            data,
            SnapshotReceiver.checksum(data),
            everythingRead);
    nextSequence++;
    window.addLast(chunk);
    outlet.accept(chunk);
  }
}
