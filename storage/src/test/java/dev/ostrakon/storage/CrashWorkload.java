package dev.ostrakon.storage;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.SnapshotEncoder;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StateStore.SnapshotWriter;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.replica.contract.LogModel;
import dev.ostrakon.replica.contract.Logs;
import dev.ostrakon.replica.contract.TestOwner;
import java.util.List;
import java.util.TreeMap;

/**
 * What one group does in a process that is about to be killed, and what it must find again.
 *
 * <p>Everything follows from the seed: write number n of the log and checkpoint number n of the
 * state are the same in every process. So a process that is told how much of them was acknowledged
 * can tell what it must find, and goes on from what it does find.
 */
final class CrashWorkload {

  /** Every so many checkpoints one comes as an installed snapshot instead. */
  private static final int INSTALL_EVERY = 5;

  private static final int CHANGES_PER_CHECKPOINT = 15;
  private static final int IN_FLIGHT = 8;

  /** No process gets further than this beyond what was acknowledged. */
  private static final int MAX_AHEAD = IN_FLIGHT + 1_500;

  private final long group;
  private final TestOwner owner;
  private final LogStorage log;
  private final StateStore state;
  private final LogModel model;
  private final RandomSource changes;
  private final TreeMap<Bytes, Bytes> rows = new TreeMap<>();
  private long writeNumber;
  private long checkpointNumber;
  private int pendingWrites;
  private boolean checkpointing;

  CrashWorkload(NodeStorage storage, long group, long seed, TestOwner owner) {
    this.group = group;
    this.owner = owner;
    this.log = storage.log(group, owner);
    this.state = storage.state(group, owner);
    RandomSource random = new RandomSource(seed).fork("group" + group);
    this.model = new LogModel(random.fork("log"), 400);
    this.changes = random.fork("state");
  }

  /** Receives "this kind of thing up to this number is acknowledged". */
  interface Acknowledged {
    void upTo(String kind, long group, long number);
  }

  /** Finds out how far the disk is; throws if it is behind what was acknowledged, or torn. */
  void verify(long acknowledgedWrites, long acknowledgedCheckpoints) {
    RecoveredLog recovered = log.recover();
    List<LogEntry> entries =
        owner.await(
            callback -> log.read(Logs.fetch(recovered.base().index() + 1, 1L << 40), callback));
    long earlier = -1;
    while (writeNumber < acknowledgedWrites) {
      earlier = matches(recovered, entries) ? writeNumber : earlier;
      nextWrite();
    }
    while (!matches(recovered, entries)) {
      if (writeNumber > acknowledgedWrites + MAX_AHEAD) {
        throw new AssertionError(
            "group "
                + group
                + ": no log since write "
                + acknowledgedWrites
                + " is "
                + recovered
                + (earlier < 0 ? ", nor any before it" : ", but that of write " + earlier));
      }
      nextWrite();
    }
    verifyState(acknowledgedCheckpoints);
  }

  /** Does the next thing if not too much is under way. */
  void step(RandomSource pace, Acknowledged acknowledged) {
    if (pendingWrites < IN_FLIGHT) {
      LogWrite write = nextWrite();
      long number = writeNumber;
      pendingWrites++;
      log.persist(
          write,
          done(
              () -> {
                pendingWrites--;
                if (write.mustSync()) {
                  acknowledged.upTo("W", group, number);
                }
              }));
    }
    if (!checkpointing && pace.chance(0.1)) {
      nextCheckpoint(acknowledged);
    }
  }

  boolean isBusy() {
    return pendingWrites == IN_FLIGHT;
  }

  private void verifyState(long acknowledgedCheckpoints) {
    long found = state.recover().index();
    if (found < acknowledgedCheckpoints) {
      throw new AssertionError(
          "group " + group + ": checkpoint " + acknowledgedCheckpoints + " is now " + found);
    }
    while (checkpointNumber < found) {
      drawChanges(false);
    }
    ScanPage page =
        owner.await(
            callback ->
                state.scan(new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, 1 << 20, 1 << 30), callback));
    TreeMap<Bytes, Bytes> stored = new TreeMap<>();
    for (Row row : page.rows()) {
      stored.put(row.key(), row.value());
    }
    if (!stored.equals(rows)) {
      throw new AssertionError("group " + group + ": checkpoint " + found + " is torn");
    }
  }

  private boolean matches(RecoveredLog recovered, List<LogEntry> entries) {
    RecoveredLog expected = model.recovered();
    return recovered.base().equals(expected.base())
        && recovered.termStarts().equals(expected.termStarts())
        && recovered.hardState().term() == expected.hardState().term()
        && recovered.hardState().votedFor().equals(expected.hardState().votedFor())
        && entries.equals(model.entries());
  }

  private LogWrite nextWrite() {
    writeNumber++;
    return model.nextWrite();
  }

  private void nextCheckpoint(Acknowledged acknowledged) {
    checkpointing = true;
    boolean install = (checkpointNumber + 1) % INSTALL_EVERY == 0;
    drawChanges(!install);
    long number = checkpointNumber;
    Callback<Void> durable =
        done(
            () -> {
              checkpointing = false;
              acknowledged.upTo("C", group, number);
            });
    if (install) {
      install(metadata(number), durable);
    } else {
      state.checkpoint(metadata(number), durable);
    }
  }

  private void install(SnapshotMetadata metadata, Callback<Void> durable) {
    SnapshotEncoder encoder = new SnapshotEncoder();
    rows.forEach(encoder::add);
    encoder.end();
    Bytes all = encoder.take(Integer.MAX_VALUE);
    state.beginInstall(
        metadata,
        new Callback<>() {
          @Override
          public void succeeded(SnapshotWriter writer) {
            writer.append(all, done(() -> writer.commit(durable)));
          }

          @Override
          public void failed(StorageException cause) {
            throw cause;
          }
        });
  }

  /** Draws the changes up to the next checkpoint, and applies them to the store if wanted. */
  private void drawChanges(boolean apply) {
    checkpointNumber++;
    for (int i = 0; i < CHANGES_PER_CHECKPOINT; i++) {
      Bytes key = Bytes.utf8("key" + changes.nextInt(300));
      if (changes.chance(0.2)) {
        rows.remove(key);
        if (apply) {
          state.delete(key);
        }
      } else {
        Bytes value = Logs.randomBytes(changes, changes.nextInt(500));
        rows.put(key, value);
        if (apply) {
          state.put(key, value);
        }
      }
    }
  }

  private static SnapshotMetadata metadata(long number) {
    return new SnapshotMetadata(new EntryId(1, number), Membership.EMPTY);
  }

  private static Callback<Void> done(Runnable note) {
    return new Callback<>() {
      @Override
      public void succeeded(Void value) {
        note.run();
      }

      @Override
      public void failed(StorageException cause) {
        throw cause;
      }
    };
  }
}
