package dev.ostrakon.group;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What an object and all that it refers to take of the heap, counted object by object: on a 64-bit
 * JVM with compressed pointers, whatever the one that runs the test uses.
 */
final class HeapGraph {
  private static final int HEADER = 12;
  private static final int ARRAY_HEADER = 16;
  private static final int REFERENCE = 4;

  private final Predicate<Object> isForeign;
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ArrayDeque<Object> open = new ArrayDeque<>();
  private long bytes;

  /**
   * @param isForeign what is not counted, with what only it refers to
   */
  private HeapGraph(Predicate<Object> isForeign) {
    this.isForeign = isForeign;
  }

  static long sizeOf(Object root, Predicate<Object> isForeign) {
    HeapGraph graph = new HeapGraph(isForeign);
    graph.visit(root);
    while (!graph.open.isEmpty()) {
      graph.count(graph.open.pop());
    }
    return graph.bytes;
  }

  private void visit(Object object) {
    if (object == null
        || object instanceof Enum
        || object instanceof Class
        || isForeign.test(object)) {
      return;
    }
    if (seen.add(object)) {
      open.push(object);
    }
  }

  private void count(Object object) {
    Class<?> type = object.getClass();
    if (type.isArray()) {
      int length = Array.getLength(object);
      bytes += aligned(ARRAY_HEADER + (long) length * sizeOf(type.getComponentType()));
      if (!type.getComponentType().isPrimitive()) {
        for (Object element : (Object[]) object) {
          visit(element);
        }
      }
    } else if (type.isHidden()) {
      bytes += lambda(object);
    } else if (object instanceof String text) {
      bytes += 24 + aligned(ARRAY_HEADER + (long) text.length());
    } else if (object instanceof Number) {
      bytes += object instanceof Integer ? 16 : 24;
    } else {
      bytes += fields(object);
    }
  }

  /** What a lambda has captured belongs to others, but for requests and the like. */
  private long lambda(Object object) {
    long size = HEADER;
    for (Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        size += sizeOf(field.getType());
        Object captured = field.getType().isPrimitive() ? null : read(field, object);
        if (captured != null
            && (captured.getClass().isHidden()
                || captured.getClass().getPackageName().equals("dev.ostrakon.model"))) {
          visit(captured);
        }
      }
    }
    return aligned(size);
  }

  private long fields(Object object) {
    long size = HEADER;
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          size += sizeOf(field.getType());
          if (!field.getType().isPrimitive()) {
            visit(read(field, object));
          }
        }
      }
    }
    return aligned(size);
  }

  private static Object read(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int sizeOf(Class<?> type) {
    if (type == long.class || type == double.class) {
      return Long.BYTES;
    }
    if (type == short.class || type == char.class) {
      return Short.BYTES;
    }
    return type == byte.class || type == boolean.class ? Byte.BYTES : REFERENCE;
  }

  private static long aligned(long size) {
    return (size + 7) & ~7L;
  }
}
