package dev.ostrakon.cli.history;

import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Status;
import dev.ostrakon.cli.history.EdnEvents.Event;
import dev.ostrakon.cli.history.EdnReader.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads Jepsen's histories of registers: {@code :read}, {@code :write} and {@code :cas} with the
 * value of one register, or with {@code [key value]} for many independent ones. A register without
 * a value is nil.
 */
final class EdnRegisters {
  private static final String ONLY_KEY = "register";
  private static final String FORMS =
      "expected :read with nil or the value that was found, :write with a value, :cas with [old"
          + " new], and each as [key value] if there are several registers";

  private final boolean keyed;

  private EdnRegisters(boolean keyed) {
    this.keyed = keyed;
  }

  static List<KvOperation> operations(List<Event> events) throws MalformedHistoryException {
    EdnRegisters registers =
        new EdnRegisters(events.stream().anyMatch(event -> isKeyed(event.f(), event.value())));
    List<KvOperation> operations = new ArrayList<>();
    for (Event event : events) {
      operations.add(registers.operation(event));
    }
    return operations;
  }

  /**
   * A read or a write of a pair names its key, and so does a compare-and-set of a key and a pair.
   */
  private static boolean isKeyed(String f, @Nullable Object value) {
    boolean pair = value instanceof List<?> parts && parts.size() == 2;
    return f.equals(EdnWorkload.CAS)
        ? value instanceof List<?> parts && pair && parts.get(1) instanceof List<?>
        : pair;
  }

  private KvOperation operation(Event event) throws MalformedHistoryException {
    String key = ONLY_KEY;
    Object value = event.value();
    if (keyed) {
      if (!(value instanceof List<?> parts) || parts.size() != 2 || parts.get(0) == null) {
        throw malformed(event);
      }
      key = String.valueOf(parts.get(0));
      value = parts.get(1);
    }
    KvAction action = action(event, value);
    Span span = event.span();
    return new KvOperation(
        span.process(),
        key,
        action,
        span.called(),
        span.returned(),
        event.status(),
        event.status() == Status.OK ? output(event, action, value) : KvOutput.NONE);
  }

  private static KvAction action(Event event, @Nullable Object value)
      throws MalformedHistoryException {
    switch (event.f()) {
      case EdnWorkload.READ -> {
        return new KvAction.Get();
      }
      case EdnWorkload.WRITE -> {
        String written = text(event, value);
        return written == null ? new KvAction.Delete() : new KvAction.Put(written);
      }
      default -> {
        if (event.f().equals(EdnWorkload.CAS)
            && value instanceof List<?> parts
            && parts.size() == 2) {
          String replacement = text(event, parts.get(1));
          if (replacement != null) {
            return new KvAction.Cas(text(event, parts.get(0)), replacement);
          }
        }
        throw malformed(event);
      }
    }
  }

  private static KvOutput output(Event event, KvAction action, @Nullable Object value)
      throws MalformedHistoryException {
    return switch (action.kind()) {
      case GET -> new KvOutput.Value(text(event, value));
      case CAS -> new KvOutput.Swapped(true); // One that finds another value is a :fail.
      case PUT, DELETE, APPEND, INCREMENT -> KvOutput.NONE;
    };
  }

  private static @Nullable String text(Event event, @Nullable Object value)
      throws MalformedHistoryException {
    if (value == null) {
      return null;
    }
    if (value instanceof Long
        || value instanceof Double
        || value instanceof String
        || value instanceof Word) {
      return value.toString();
    }
    throw malformed(event);
  }

  private static MalformedHistoryException malformed(Event event) {
    return new MalformedHistoryException(
        event.line(), FORMS + "; was " + event.f() + " " + event.value());
  }
}
