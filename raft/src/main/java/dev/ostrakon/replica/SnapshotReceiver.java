package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.RaftMessage.InstallSnapshot;
import dev.ostrakon.raft.RaftMessage.InstallSnapshotResponse;
import dev.ostrakon.raft.RaftMessage.TransferState;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Receives one snapshot at a time beside the present state and asks for its installation when it is
 * complete (Raft paper 7).
 *
 * <p>Chunks are written one after the other and acknowledged cumulatively; whatever is out of order
 * is answered with what is expected. Holds at most {@link #QUEUE_LIMIT} chunks in memory.
 */
final class SnapshotReceiver {

  /** Chunks taken and not yet written; the sender's window keeps it from getting there. */
  private static final int QUEUE_LIMIT = 64;

  /** What the receiver needs of its replica. */
  interface Host {

    void respond(ReplicaId to, InstallSnapshotResponse response);

    /** The snapshot is complete: install it when nothing is being applied, then call back. */
    void install(Installation installation);

    /** What looks at the rows of a new transfer. */
    SnapshotCheck check();

    /** A transfer was turned away because no state machine has written what it brings. */
    void turnedAway(ReplicaId from, StorageException cause);
  }

  /**
   * A complete snapshot. {@code finished} is to be called with whether the state now contains it.
   */
  record Installation(InstallSnapshot head, SnapshotWriter writer, Finish finished) {}

  /** How an installation ended. */
  interface Finish {
    void done(TransferState state);
  }

  private final StateStore state;
  private final ReplicaConfig config;
  private final Host host;
  private final Turn turn;

  private @Nullable Reception current;

  SnapshotReceiver(StateStore state, ReplicaConfig config, Host host, Turn turn) {
    this.state = state;
    this.config = config;
    this.host = host;
    this.turn = turn;
  }

  static int checksum(Bytes data) {
    CRC32C crc = new CRC32C();
    crc.update(data.sharedArray());
    return (int) crc.getValue();
  }

  void onChunk(ReplicaId from, InstallSnapshot chunk) {
    Reception reception = current;
    if (reception == null || !reception.isOf(from, chunk)) {
      if (chunk.sequence() != 0 || (reception != null && reception.installing)) {
        // Either the beginning was lost and will be repeated, or an installation must end first.
        return;
      }
      abort();
      reception = new Reception(from, chunk);
      current = reception;
      reception.begin();
    }
    reception.accept(chunk);
  }

  /** One tick of time: a transfer whose sender went silent is given up. */
  void tick() {
    Reception reception = current;
    if (reception != null && !reception.installing) {
      reception.idleTicks++;
      if (reception.idleTicks >= config.snapshotTimeoutTicks()) {
        abort();
      }
    }
  }

  /** Drops an unfinished transfer; one that is being installed goes on. */
  void abort() {
    Reception reception = current;
    if (reception != null && !reception.installing) {
      reception.drop();
      current = null;
    }
  }

  /** One transfer. */
  private final class Reception {
    private final ReplicaId from;
    private final InstallSnapshot head;
    private final ArrayDeque<InstallSnapshot> queue = new ArrayDeque<>();
    private final SnapshotDecoder decoder = new SnapshotDecoder();
    private final SnapshotCheck check = host.check();
    private @Nullable SnapshotWriter writer;
    private boolean writing;
    private boolean dropped;
    private boolean installing;
    private long nextToQueue;
    private long nextToWrite;
    private int idleTicks;

    Reception(ReplicaId from, InstallSnapshot head) {
      this.from = from;
      this.head = head;
    }

    boolean isOf(ReplicaId sender, InstallSnapshot chunk) {
      return from.equals(sender)
          && head.term() == chunk.term()
          && head.transfer() == chunk.transfer();
    }

    void begin() {
      state.beginInstall(head.metadata(), turn.callback(this::onOpened));
    }

    private void onOpened(SnapshotWriter opened) {
      if (dropped) {
        opened.abort();
      } else {
        writer = opened;
        writeNext();
      }
    }

    void accept(InstallSnapshot chunk) {
      if (installing) {
        return;
      }
      if (checksum(chunk.data()) != chunk.crc32c()) {
        respond(TransferState.REFUSED);
        abort();
        return;
      }
      if (chunk.sequence() == nextToQueue && queue.size() < QUEUE_LIMIT) {
        if (!isSound(chunk)) {
          respond(TransferState.REFUSED);
          abort();
          return;
        }
        idleTicks = 0;
        nextToQueue++;
        queue.addLast(chunk);
        writeNext();
      } else if (chunk.sequence() < nextToWrite) {
        respond(TransferState.RECEIVING); // Our acknowledgement was lost.
      }
    }

    /**
     * Decodes the chunk here, too: what the disk is given is known to be a snapshot, and the
     * present state is replaced by nothing that could not be read back.
     */
    private boolean isSound(InstallSnapshot chunk) {
      try {
        decoder.feed(chunk.data(), check::row);
        if (chunk.last()) {
          decoder.requireComplete();
          check.end();
        }
        return true;
      } catch (StorageException e) {
        host.turnedAway(from, e);
      } catch (RuntimeException | InvariantViolation e) {
        host.turnedAway(
            from,
            new StorageException(
                StorageException.Reason.CORRUPT, "the snapshot's rows cannot be read", e));
      }
      return false;
    }

    private void writeNext() {
      SnapshotWriter target = writer;
      if (dropped || writing || target == null || queue.isEmpty()) {
        return;
      }
      InstallSnapshot chunk = queue.removeFirst();
      writing = true;
      target.append(chunk.data(), turn.callback(ignored -> onWritten(chunk, target)));
    }

    private void onWritten(InstallSnapshot chunk, SnapshotWriter target) {
      writing = false;
      if (dropped) {
        return;
      }
      nextToWrite++;
      if (!chunk.last()) {
        respond(TransferState.RECEIVING);
        writeNext();
        return;
      }
      installing = true;
      host.install(new Installation(head, target, this::onInstalled));
    }

    private void onInstalled(TransferState end) {
      current = null;
      respond(end);
    }

    private void respond(TransferState transferState) {
      host.respond(
          from,
          new InstallSnapshotResponse(head.term(), head.transfer(), nextToWrite, transferState));
    }

    private void drop() {
      dropped = true;
      queue.clear();
      if (writer != null) {
        writer.abort();
      }
    }
  }
}
