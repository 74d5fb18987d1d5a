package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A value as the state store holds it: the version in 8 bytes, then the value.
 *
 * @param version the timestamp of the last write; changes whenever the value does
 */
record StoredValue(Value value, HybridTimestamp version) {
  Bytes encode() {
    byte[] bytes = value.bytes().sharedArray();
    byte[] row = new byte[Long.BYTES + bytes.length];
    ByteBuffer.wrap(row).putLong(version.packed()).put(bytes);
    return Bytes.wrap(row);
  }

  static StoredValue decode(Bytes row) {
    byte[] bytes = row.sharedArray();
    if (bytes.length < Long.BYTES) {
      throw new StorageException(
          StorageException.Reason.CORRUPT, "a value's row has " + bytes.length + " bytes");
    }
    return new StoredValue(
        new Value(ByteString.wrap(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length))),
        HybridTimestamp.fromPacked(ByteBuffer.wrap(bytes).getLong()));
  }
}
