package dev.ostrakon.controller;

import dev.ostrakon.controller.UnreadableBytesException.Reason;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what {@link ByteWriter} wrote and trusts nothing: whatever does not fit is an {@link
 * UnreadableBytesException}, and no more memory is taken than the bytes given justify.
 */
final class ByteReader {
  /** The longest varint of a number that is not negative. */
  private static final int VARINT_BYTES_MAX = 9;

  private final byte[] array;
  private int position;

  private ByteReader(byte[] array) {
    this.array = array;
  }

  /** Reads all bytes with this function; whatever it rejects, or leaves over, is malformed. */
  static <T> T read(Bytes bytes, Function<ByteReader, T> format) {
    ByteReader reader = new ByteReader(bytes.sharedArray());
    T value;
    try {
      value = format.apply(reader);
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
    require(reader.position == reader.array.length, "bytes after the end");
    return value;
  }

  static UnreadableBytesException malformed(String problem) {
    return new UnreadableBytesException(Reason.MALFORMED, problem);
  }

  static void require(boolean holds, String problem) {
    if (!holds) {
      throw malformed(problem);
    }
  }

  /** Reads the version that every format starts with; versions count from 1. */
  int version(int newestKnown) {
    int version = octet();
    require(version > 0, "a version is positive, was 0");
    if (version > newestKnown) {
      throw new UnreadableBytesException(
          Reason.NEWER_FORMAT,
          "format version expected at most "
              + newestKnown
              + ", was "
              + version
              + ": run the version that wrote it, or a newer one");
    }
    return version;
  }

  int octet() {
    require(position < array.length, "the end is missing");
    return array[position++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      int part = octet();
      value |= (long) (part & 0x7f) << (7 * i);
      if (part < 0x80) {
        return value;
      }
    }
    throw malformed("a number that does not end");
  }

  /** A number in [0, 2^31). */
  int smallVarint() {
    long value = varint();
    require(value <= Integer.MAX_VALUE, "a number of at most 31 bits, was " + value);
    return (int) value;
  }

  /** The number of elements that follow, each of at least one byte. */
  int count() {
    int count = smallVarint();
    require(count <= array.length - position, "a count of " + count);
    return count;
  }

  long fixed64() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | octet();
    }
    return value;
  }

  HybridTimestamp timestamp() {
    return HybridTimestamp.fromPacked(fixed64());
  }

  ClientId client() {
    long high = fixed64();
    return new ClientId(high, fixed64());
  }

  RequestId request() {
    ClientId client = client();
    return new RequestId(client, fixed64());
  }

  String text() {
    int length = count();
    ByteBuffer utf8 = ByteBuffer.wrap(array, position, length);
    position += length;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw malformed("text that is no UTF-8");
    }
  }

  GroupId group() {
    return new GroupId(varint());
  }

  List<NodeId> nodes() {
    int count = count();
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(new NodeId(text()));
    }
    return nodes;
  }
}
