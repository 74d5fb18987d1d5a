package dev.ostrakon.storage;

import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StorageException;
import java.util.function.Consumer;

/** Callbacks made of functions. */
final class Completions {

  private Completions() {}

  /** Does something with the result; hands a failure on. */
  static <T> Callback<T> of(Consumer<T> succeeded, Callback<?> failed) {
    return new Callback<>() {
      @Override
      public void succeeded(T value) {
        succeeded.accept(value);
      }

      @Override
      public void failed(StorageException cause) {
        failed.failed(cause);
      }
    };
  }
}
