package dev.ostrakon.checker;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One operation on one key.
 *
 * @param client who asked; it asks one thing at a time, unless an outcome is unknown
 * @param callNanos just before the request, on the one clock of the history
 * @param returnNanos just after the answer; {@link #NEVER} if and only if the status is unknown
 * @param output what was told if the status is ok, else {@link KvOutput#NONE}
 */
public record KvOperation(
    int client,
    String key,
    KvAction action,
    long callNanos,
    long returnNanos,
    Status status,
    KvOutput output) {

  /** The return of an operation that nobody saw return. */
  public static final long NEVER = Long.MAX_VALUE;

  public KvOperation {
    if ((status == Status.UNKNOWN) != (returnNanos == NEVER)) {
      throw new IllegalArgumentException(status + " does not go with return " + returnNanos);
    }
    if (returnNanos < callNanos) {
      throw new IllegalArgumentException("return " + returnNanos + " before call " + callNanos);
    }
    Class<? extends KvOutput> expected =
        status == Status.OK ? outputOf(action.kind()) : KvOutput.None.class;
    if (!expected.isInstance(output)) {
      throw new IllegalArgumentException(
          status + " " + action + " does not go with output " + output);
    }
  }

  private static Class<? extends KvOutput> outputOf(KvAction.Kind kind) {
    return switch (kind) {
      case GET, INCREMENT -> KvOutput.Value.class;
      case CAS -> KvOutput.Swapped.class;
      case PUT, APPEND, DELETE -> KvOutput.None.class;
    };
  }

  /** An operation that was answered. */
  public static KvOperation ok(
      int client, String key, KvAction action, long callNanos, long returnNanos, KvOutput output) {
    return new KvOperation(client, key, action, callNanos, returnNanos, Status.OK, output);
  }

  /** An operation that definitely did not happen. */
  public static KvOperation fail(
      int client, String key, KvAction action, long callNanos, long returnNanos) {
    return new KvOperation(client, key, action, callNanos, returnNanos, Status.FAIL, KvOutput.NONE);
  }

  /** An operation of which nobody knows what became. */
  public static KvOperation unknown(int client, String key, KvAction action, long callNanos) {
    return new KvOperation(client, key, action, callNanos, NEVER, Status.UNKNOWN, KvOutput.NONE);
  }

  /** The value that a get or an increment told; null if none. */
  @Nullable String outputText() {
    return ((KvOutput.Value) output).text();
  }

  /** Whether a compare-and-set told that it found what it expected. */
  boolean swapped() {
    return ((KvOutput.Swapped) output).done();
  }

  @Override
  public String toString() {
    String end =
        status == Status.UNKNOWN
            ? "unknown"
            : returnNanos + " " + status.name().toLowerCase(Locale.ROOT);
    return "client " + client + " " + request() + " from " + callNanos + " to " + end + told();
  }

  private String request() {
    String name = action.kind().name().toLowerCase(Locale.ROOT) + " " + key;
    if (action instanceof KvAction.Put put) {
      return name + " " + quoted(put.value());
    }
    if (action instanceof KvAction.Append append) {
      return name + " " + quoted(append.value());
    }
    if (action instanceof KvAction.Cas cas) {
      return name + " " + quoted(cas.expect()) + " -> " + quoted(cas.value());
    }
    return action instanceof KvAction.Increment increment ? name + " " + increment.delta() : name;
  }

  private String told() {
    if (output instanceof KvOutput.Value value) {
      return ": " + quoted(value.text());
    }
    return output instanceof KvOutput.Swapped swapped ? ": " + swapped.done() : "";
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "none" : '"' + text + '"';
  }
}
