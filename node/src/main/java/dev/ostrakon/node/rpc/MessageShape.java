package dev.ostrakon.node.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a message type cost once parsed; enough to count the objects that a message
 * would become from its bytes alone. Immutable once made.
 */
final class MessageShape {
  /** What a field becomes. */
  enum Kind {
    /** A part of its message. */
    PLAIN,
    /** An object for each occurrence: bytes, text, or one of many numbers. */
    OBJECT,
    /** A message of its own. */
    MESSAGE,
    /** Many numbers of variable length, eight to an object. */
    PACKED_VARINTS,
    /** Many numbers of fixed length, eight to an object. */
    PACKED_FIXED,
    /** A field that the type does not know, which is kept. */
    UNKNOWN
  }

  private static final int DENSE = 64;

  private final Kind[] kinds = new Kind[DENSE];
  private final @Nullable MessageShape[] inner = new MessageShape[DENSE];

  private MessageShape() {
    java.util.Arrays.fill(kinds, Kind.UNKNOWN);
  }

  /** The shape of a message type. */
  static MessageShape of(Descriptor type) {
    return of(type, new HashMap<>());
  }

  private static MessageShape of(Descriptor type, Map<String, MessageShape> known) {
    MessageShape present = known.get(type.getFullName());
    if (present != null) {
      return present;
    }
    MessageShape shape = new MessageShape();
    known.put(type.getFullName(), shape);
    for (FieldDescriptor field : type.getFields()) {
      if (field.getNumber() < DENSE) { // Others count as unknown, which is on the safe side.
        shape.kinds[field.getNumber()] = kind(field);
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          shape.inner[field.getNumber()] = of(field.getMessageType(), known);
        }
      }
    }
    return shape;
  }

  private static Kind kind(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE, GROUP -> Kind.MESSAGE;
      case BYTES, STRING -> Kind.OBJECT;
      case FIXED32, FIXED64, SFIXED32, SFIXED64, FLOAT, DOUBLE ->
          field.isRepeated() ? Kind.PACKED_FIXED : Kind.PLAIN;
      case INT32, INT64, UINT32, UINT64, SINT32, SINT64, BOOL, ENUM ->
          field.isRepeated() ? Kind.PACKED_VARINTS : Kind.PLAIN;
    };
  }

  Kind kind(int field) {
    return field < DENSE ? kinds[field] : Kind.UNKNOWN;
  }

  /** The shape of a field's message; the empty one if it has none. */
  MessageShape inner(int field) {
    MessageShape shape = field < DENSE ? inner[field] : null;
    return shape == null ? NONE : shape;
  }

  private static final MessageShape NONE = new MessageShape();
}
