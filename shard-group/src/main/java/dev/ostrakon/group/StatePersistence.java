package dev.ostrakon.group;

import dev.ostrakon.group.command.ByteReader;
import dev.ostrakon.group.command.ByteWriter;
import dev.ostrakon.group.command.CommandCodec;
import dev.ostrakon.group.command.MalformedException;
import dev.ostrakon.group.command.ModelDecoder;
import dev.ostrakon.group.command.ModelEncoder;
import dev.ostrakon.group.queue.ConflictTimestamps;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Key;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.function.BiConsumer;

/**
 * Writes what a group keeps in memory to rows of its state store, and reads it back. What changed
 * is written before each checkpoint, so the rows are exactly as old as the checkpoint; most of it
 * bit by bit between two checkpoints, so that there is never much to write at once.
 */
final class StatePersistence {
  private StatePersistence() {}

  /** Writes what changed and is not written yet. */
  static void writeChanges(ShardState state, StateStore store) {
    LongRows rows = state.rows;
    rows.put(store, StateRows.META, encodeMeta(state));
    rows.put(store, StateRows.CONFLICTS, encodeConflicts(state.conflicts));
    writeExcess(0, state, store);
  }

  /**
   * Writes what has gone and what changed longest ago; after each entry.
   *
   * @param left the most records, and the most clients, that are left for the checkpoint
   */
  static void writeExcess(int left, ShardState state, StateStore store) {
    LongRows rows = state.rows;
    state.records.drainChanges(
        left,
        record -> rows.put(store, StateRows.txn(record.id), TxnRecordCodec.encode(record)),
        id -> rows.delete(store, StateRows.txn(id)));
    state.finished.drainChanges(
        left,
        (client, memory) -> {
          if (state.rules.checkpointsFinished()) {
            rows.put(store, StateRows.client(client), memory);
          }
        },
        client -> rows.delete(store, StateRows.client(client)));
  }

  /** Every row as {@link #writeChanges} would write it; equal on all replicas of a group. */
  static void visitAll(ShardState state, BiConsumer<Bytes, Bytes> visitor) {
    visitor.accept(StateRows.META, encodeMeta(state));
    visitor.accept(StateRows.CONFLICTS, encodeConflicts(state.conflicts));
    for (TxnRecord record : state.records.all()) {
      visitor.accept(StateRows.txn(record.id), TxnRecordCodec.encode(record));
    }
    state.finished.visitAll((client, memory) -> visitor.accept(StateRows.client(client), memory));
  }

  /** Takes one row back. Throws {@link StorageException} if it cannot be understood. */
  static void read(ShardState state, StateStore.Row row) {
    try {
      switch (StateRows.kindOf(row.key())) {
        case StateRows.KIND_META -> readMeta(state, row.value());
        case StateRows.KIND_TXN ->
            state.records.restore(TxnRecordCodec.decode(StateRows.txnOf(row.key()), row.value()));
        case StateRows.KIND_CLIENT ->
            state.finished.restore(StateRows.clientOf(row.key()), row.value());
        case StateRows.KIND_CONFLICTS -> readConflicts(state.conflicts, row.value());
        default -> throw new MalformedException("unknown kind of row");
      }
    } catch (MalformedException | IllegalArgumentException e) {
      throw StorageException.corrupt(
          "a row of the group's state cannot be read: " + e.getMessage(), e);
    }
  }

  private static Bytes encodeMeta(ShardState state) {
    ByteWriter out = new ByteWriter();
    out.u8(StateRows.VERSION).timestamp(state.clock()).varint(state.data.keyCount());
    CommandCodec.encodeSettings(state.settings, out);
    Configuration configuration = state.configuration;
    out.u8(configuration == null ? 0 : 1);
    if (configuration != null) {
      new ModelEncoder(out).configuration(configuration);
      state.slotTable.encode(out);
    }
    return out.toBytes();
  }

  private static void readMeta(ShardState state, Bytes row) {
    ByteReader in = new ByteReader(row);
    int version = in.u8();
    if (version != StateRows.VERSION) {
      throw new StorageException(
          StorageException.Reason.NEWER_FORMAT,
          "the group's state has version "
              + version
              + ", expected "
              + StateRows.VERSION
              + ": nothing is lost; run the version that wrote it");
    }
    state.observe(in.timestamp());
    state.data.restoreKeyCount(in.varint());
    state.settings = CommandCodec.decodeSettings(in);
    if (in.u8() == 1) {
      Configuration configuration = new ModelDecoder(in).configuration();
      state.configuration = configuration;
      state.data.use(configuration.slots());
      state.slotTable = SlotTable.decode(in);
    }
    in.requireEnd();
  }

  private static Bytes encodeConflicts(ConflictTimestamps conflicts) {
    ByteWriter out = new ByteWriter();
    conflicts.visit(
        new ConflictTimestamps.Visitor() {
          @Override
          public void header(HybridTimestamp mark, long youngSinceMillis) {
            out.timestamp(mark).varint(youngSinceMillis);
          }

          @Override
          public void touched(boolean inYoung, Key key, long read, long add, long write) {
            out.u8(inYoung ? 1 : 0).bytes(key.bytes()).i64(read).i64(add).i64(write);
          }
        });
    return out.toBytes();
  }

  private static void readConflicts(ConflictTimestamps conflicts, Bytes row) {
    ByteReader in = new ByteReader(row);
    conflicts.restoreHeader(in.timestamp(), in.varint());
    while (in.remaining() > 0) {
      boolean inYoung = in.u8() == 1;
      Key key = new Key(ByteString.wrap(in.bytes()));
      conflicts.restoreTouched(inYoung, key, in.i64(), in.i64(), in.i64());
    }
  }
}
