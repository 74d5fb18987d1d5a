package dev.ostrakon.checker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The simplest possible store of one key: applies one operation after the other. */
final class SerialKey {
  private @Nullable String value;

  SerialKey(@Nullable String value) {
    this.value = value;
  }

  @Nullable String value() {
    return value;
  }

  /** Applies an action; returns what the client is told. */
  KvOutput apply(KvAction action) {
    if (action instanceof KvAction.Put put) {
      value = put.value();
    } else if (action instanceof KvAction.Append append) {
      value = value == null ? append.value() : value + append.value();
    } else if (action instanceof KvAction.Delete) {
      value = null;
    } else if (action instanceof KvAction.Cas cas) {
      boolean swapped = Objects.equals(value, cas.expect());
      value = swapped ? cas.value() : value;
      return new KvOutput.Swapped(swapped);
    } else if (action instanceof KvAction.Increment increment) {
      value = Long.toString((value == null ? 0 : Long.parseLong(value)) + increment.delta());
      return new KvOutput.Value(value);
    } else {
      return new KvOutput.Value(value);
    }
    return KvOutput.NONE;
  }
}
