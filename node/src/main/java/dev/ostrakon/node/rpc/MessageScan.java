package dev.ostrakon.node.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;

/**
 * Counts the objects that a message would become, from its bytes and before any is made. Not
 * thread-safe; made for one message.
 */
final class MessageScan {
  /** A message of no more bytes cannot become more objects than any limit allows. */
  static final int HARMLESS_BYTES = 8 << 10; // 8 KiB

  /** Numbers that share the cost of one object. */
  private static final int PACKED_PER_OBJECT = 8;

  private static final int DEPTH_MAX = 32;

  private final CodedInputStream in;
  private final int max;
  private int packed;
  private int elements;

  private MessageScan(CodedInputStream in, int max) {
    this.in = in;
    this.max = max;
  }

  /**
   * Refuses a message that would become more objects than allowed, or is none.
   *
   * @param bytes of which the message takes {@code length} from {@code offset}
   * @param type its name, for people
   */
  static void check(
      byte[] bytes, int offset, int length, MessageShape shape, int elementsMax, String type)
      throws CallRefusedException {
    MessageScan scan =
        new MessageScan(CodedInputStream.newInstance(bytes, offset, length), elementsMax);
    try {
      scan.message(shape, 0);
    } catch (IOException e) {
      throw new CallRefusedException(
          GrpcStatus.INVALID_ARGUMENT, "no valid " + type + ": " + e.getMessage());
    }
    if (scan.elements > elementsMax) {
      throw new CallRefusedException(
          GrpcStatus.RESOURCE_EXHAUSTED,
          "a " + type + " has at most " + elementsMax + " elements, had more");
    }
  }

  private boolean isOver() {
    return elements > max;
  }

  private void message(MessageShape shape, int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("messages are nested more than " + DEPTH_MAX + " deep");
    }
    int tag = isOver() ? 0 : in.readTag();
    while (tag != 0) {
      field(shape, tag, depth);
      tag = isOver() ? 0 : in.readTag();
    }
  }

  private void field(MessageShape shape, int tag, int depth) throws IOException {
    int number = WireFormat.getTagFieldNumber(tag);
    MessageShape.Kind kind = shape.kind(number);
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> {
        in.readRawVarint64();
        single(kind);
      }
      case WireFormat.WIRETYPE_FIXED64 -> {
        in.readRawLittleEndian64();
        single(kind);
      }
      case WireFormat.WIRETYPE_FIXED32 -> {
        in.readRawLittleEndian32();
        single(kind);
      }
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(shape, number, kind, depth);
      default -> throw new IOException("field " + number + " is a group, or of no known form");
    }
  }

  private void single(MessageShape.Kind kind) {
    switch (kind) {
      case PLAIN -> {}
      case PACKED_VARINTS, PACKED_FIXED -> pack(1);
      case OBJECT, MESSAGE, UNKNOWN -> elements++;
    }
  }

  private void delimited(MessageShape shape, int number, MessageShape.Kind kind, int depth)
      throws IOException {
    int length = in.readRawVarint32();
    if (length < 0) {
      throw new IOException("field " + number + " has a negative length");
    }
    switch (kind) {
      case MESSAGE -> {
        elements++;
        int outer = in.pushLimit(length);
        message(shape.inner(number), depth + 1);
        if (!isOver()) {
          in.checkLastTagWas(0);
          in.popLimit(outer);
        }
      }
      case PACKED_VARINTS -> {
        int outer = in.pushLimit(length);
        while (in.getBytesUntilLimit() > 0 && !isOver()) {
          in.readRawVarint64();
          pack(1);
        }
        in.popLimit(outer);
      }
      case PACKED_FIXED -> {
        in.skipRawBytes(length);
        pack(length / Integer.BYTES);
      }
      case PLAIN, OBJECT, UNKNOWN -> {
        elements++;
        in.skipRawBytes(length);
      }
    }
  }

  private void pack(int numbers) {
    packed += numbers;
    elements += packed / PACKED_PER_OBJECT;
    packed %= PACKED_PER_OBJECT;
  }
}
