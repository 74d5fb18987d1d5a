package dev.ostrakon.group;

import dev.ostrakon.group.command.ByteReader;
import dev.ostrakon.group.command.ByteWriter;
import dev.ostrakon.group.command.MalformedException;
import dev.ostrakon.group.command.ModelDecoder;
import dev.ostrakon.group.command.ModelEncoder;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;

/**
 * Where things are in the state store. Two areas: first the group's own rows, then the slots, each
 * a contiguous range.
 *
 * <pre>
 * 00 01                          what the group follows: clock, number of keys, settings,
 *                                configuration, slots
 * 00 02 txn id                   a transaction's record
 * 00 03 client id                the client's finished requests
 * 00 04                          conflict timestamps
 * .. part:2                      a further part of the row before it; see {@link LongRows}
 * 01 slot:2 01 key               a value
 * </pre>
 */
final class StateRows {
  /** The version of all rows, in the meta row. */
  static final int VERSION = 2;

  static final int KIND_META = 1;
  static final int KIND_TXN = 2;
  static final int KIND_CLIENT = 3;
  static final int KIND_CONFLICTS = 4;

  private static final int AREA_GROUP = 0;
  private static final int AREA_SLOTS = 1;
  private static final int KIND_VALUE = 1;
  private static final int VALUE_PREFIX_BYTES = 4;

  static final Bytes META = Bytes.wrap(new byte[] {AREA_GROUP, KIND_META});
  static final Bytes CONFLICTS = Bytes.wrap(new byte[] {AREA_GROUP, KIND_CONFLICTS});
  static final Bytes GROUP_START = Bytes.wrap(new byte[] {AREA_GROUP});
  static final Bytes GROUP_END = Bytes.wrap(new byte[] {AREA_SLOTS});

  private StateRows() {}

  static Bytes value(Slot slot, Key key) {
    return value(slot, key.bytes().sharedArray());
  }

  /** Where a slot's values begin. */
  static Bytes slotStart(Slot slot) {
    return value(slot, new byte[0]);
  }

  /** Where a slot's values end. */
  static Bytes slotEnd(Slot slot) {
    byte[] end = slotStart(slot).toByteArray();
    end[VALUE_PREFIX_BYTES - 1]++;
    return Bytes.wrap(end);
  }

  static Key keyOf(Bytes valueRow) {
    byte[] row = valueRow.sharedArray();
    return new Key(ByteString.wrap(Arrays.copyOfRange(row, VALUE_PREFIX_BYTES, row.length)));
  }

  static Bytes txn(TxnId id) {
    ByteWriter out = group(KIND_TXN);
    new ModelEncoder(out).txnId(id);
    return out.toBytes();
  }

  static Bytes client(ClientId client) {
    return group(KIND_CLIENT).i64(client.high()).i64(client.low()).toBytes();
  }

  static boolean isOfGroup(Bytes row) {
    return row.size() > 1 && row.at(0) == AREA_GROUP;
  }

  static boolean isValue(Bytes row) {
    return row.size() > VALUE_PREFIX_BYTES
        && row.at(0) == AREA_SLOTS
        && row.at(VALUE_PREFIX_BYTES - 1) == KIND_VALUE;
  }

  /** The kind of a row of the group's area. */
  static int kindOf(Bytes row) {
    return row.size() < 2 ? 0 : row.at(1);
  }

  /** Throws {@link MalformedException}. */
  static TxnId txnOf(Bytes row) {
    return new ModelDecoder(afterKind(row)).txnId();
  }

  /** Throws {@link MalformedException}. */
  static ClientId clientOf(Bytes row) {
    ByteReader in = afterKind(row);
    return new ClientId(in.i64(), in.i64());
  }

  private static Bytes value(Slot slot, byte[] key) {
    byte[] row = new byte[VALUE_PREFIX_BYTES + key.length];
    row[0] = AREA_SLOTS;
    row[1] = (byte) (slot.number() >>> Byte.SIZE);
    row[2] = (byte) slot.number();
    row[3] = KIND_VALUE;
    System.arraycopy(key, 0, row, VALUE_PREFIX_BYTES, key.length);
    return Bytes.wrap(row);
  }

  private static ByteWriter group(int kind) {
    return new ByteWriter(32).u8(AREA_GROUP).u8(kind);
  }

  private static ByteReader afterKind(Bytes row) {
    ByteReader in = new ByteReader(row);
    in.u16();
    return in;
  }
}
