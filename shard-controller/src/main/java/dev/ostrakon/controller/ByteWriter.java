package dev.ostrakon.controller;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the parts that the formats of this package share; {@link ByteReader} reads them.
 *
 * <p>Numbers are unsigned LEB128 ("varint": seven bits a byte, the lowest first) unless they must
 * keep their order as bytes; those are big-endian.
 */
final class ByteWriter {
  private byte[] array = new byte[64];
  private int size;

  Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(array, size));
  }

  ByteWriter octet(int value) {
    if (size == array.length) {
      array = Arrays.copyOf(array, 2 * size);
    }
    array[size] = (byte) value;
    size++;
    return this;
  }

  /** Writes a number that is not negative. */
  ByteWriter varint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a varint is not negative, was " + value);
    }
    long rest = value;
    while (rest >= 0x80) {
      octet((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return octet((int) rest);
  }

  ByteWriter fixed64(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      octet((int) (value >>> shift));
    }
    return this;
  }

  /** Writes everything that the other one holds. */
  ByteWriter append(ByteWriter other) {
    return raw(other.array, other.size);
  }

  private ByteWriter raw(byte[] source, int length) {
    int needed = Math.addExact(size, length);
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.max(needed, 2 * size));
    }
    System.arraycopy(source, 0, array, size, length);
    size = needed;
    return this;
  }

  ByteWriter timestamp(HybridTimestamp timestamp) {
    return fixed64(timestamp.packed());
  }

  ByteWriter client(ClientId client) {
    return fixed64(client.high()).fixed64(client.low());
  }

  /** Ordered as bytes as the ids are ordered. */
  ByteWriter request(RequestId id) {
    return client(id.client()).fixed64(id.sequence());
  }

  ByteWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).raw(utf8, utf8.length);
  }

  ByteWriter group(GroupId group) {
    return varint(group.number());
  }

  ByteWriter nodes(List<NodeId> nodes) {
    varint(nodes.size());
    nodes.forEach(node -> text(node.name()));
    return this;
  }
}
