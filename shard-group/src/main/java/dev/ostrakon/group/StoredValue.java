package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A value as the state store holds it: the version in 8 bytes, then the value. The value's bytes
 * are copied out of the row when somebody asks for them, and once: most transactions need only the
 * version of what they overwrite.
 */
final class StoredValue {
  private final HybridTimestamp version;

  /** Where the value is as long as nobody has asked for it; null if it was made of a value. */
  private @Nullable Bytes row;

  private @Nullable Value value;

  /**
   * @param version the timestamp of the last write; changes whenever the value does
   */
  StoredValue(Value value, HybridTimestamp version) {
    this.value = value;
    this.version = version;
    this.row = null;
  }

  private StoredValue(Bytes row, HybridTimestamp version) {
    this.row = row;
    this.version = version;
  }

  HybridTimestamp version() {
    return version;
  }

  Value value() {
    Value known = value;
    if (known == null) {
      byte[] bytes = requireRow().sharedArray();
      known = new Value(ByteString.wrap(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
      value = known;
      row = null;
    }
    return known;
  }

  /** Size of the value; costs nothing. */
  int size() {
    Value known = value;
    return known == null ? requireRow().size() - Long.BYTES : known.bytes().size();
  }

  /** Whether it is this value; linear in the size of the other. */
  boolean is(Value other) {
    return size() == other.bytes().size() && value().equals(other);
  }

  /** The number that the value is, if any. */
  OptionalLong asNumber() {
    return size() > Value.NUMBER_CHARACTERS_MAX ? OptionalLong.empty() : value().asNumber();
  }

  Bytes encode() {
    if (row != null) {
      return row;
    }
    byte[] bytes = value().bytes().sharedArray();
    byte[] made = new byte[Long.BYTES + bytes.length];
    ByteBuffer.wrap(made).putLong(version.packed()).put(bytes);
    return Bytes.wrap(made);
  }

  static StoredValue decode(Bytes row) {
    if (row.size() < Long.BYTES) {
      throw new StorageException(
          StorageException.Reason.CORRUPT,
          "a value's row has "
              + row.size()
              + " bytes, expected at least "
              + Long.BYTES
              + StorageException.DAMAGE_ADVICE);
    }
    return new StoredValue(
        row, HybridTimestamp.fromPacked(ByteBuffer.wrap(row.sharedArray()).getLong()));
  }

  private Bytes requireRow() {
    if (row == null) {
      throw new IllegalStateException("a stored value has a row or a value");
    }
    return row;
  }
}
