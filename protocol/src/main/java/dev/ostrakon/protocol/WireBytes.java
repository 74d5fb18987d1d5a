package dev.ostrakon.protocol;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Hands bytes over between the two immutable byte strings, without a copy where it can. */
final class WireBytes {
  private WireBytes() {}

  static ByteString encode(dev.ostrakon.model.ByteString bytes) {
    return bytes.isEmpty()
        ? ByteString.EMPTY
        : UnsafeByteOperations.unsafeWrap(bytes.sharedArray());
  }

  static ByteString encode(Key key) {
    return encode(key.bytes());
  }

  static ByteString encode(Value value) {
    return encode(value.bytes());
  }

  /**
   * A parsed byte string that has an array of its own gives that away, which is sound because
   * neither side ever writes to it; any other, such as a slice of a receive buffer, is copied.
   */
  static dev.ostrakon.model.ByteString decode(ByteString wire) {
    if (wire.isEmpty()) {
      return dev.ostrakon.model.ByteString.EMPTY;
    }
    WholeArray whole = new WholeArray();
    try {
      UnsafeByteOperations.unsafeWriteTo(wire, whole);
    } catch (IOException e) {
      throw new UncheckedIOException("an output in memory failed", e);
    }
    byte[] array = whole.array;
    return dev.ostrakon.model.ByteString.wrap(
        array != null && array.length == wire.size() ? array : wire.toByteArray());
  }

  static Key decodeKey(ByteString wire) throws MalformedMessageException {
    if (wire.isEmpty()) {
      throw new MalformedMessageException("a key has at least one byte, was empty");
    }
    return new Key(decode(wire));
  }

  static Value decodeValue(ByteString wire) {
    return new Value(decode(wire));
  }

  /** Takes the one array that a byte string consists of, if it does. */
  private static final class WholeArray extends ByteOutput {
    private byte @Nullable [] array;

    /** Lazy writes offer arrays that stay immutable, so they may be kept. */
    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      array = offset == 0 && length == value.length ? value : null;
    }

    @Override
    public void write(byte value) {
      array = null;
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      array = null;
    }

    @Override
    public void write(ByteBuffer value) {
      array = null;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      array = null;
    }
  }
}
