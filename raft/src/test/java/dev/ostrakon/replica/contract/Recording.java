package dev.ostrakon.replica.contract;

import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StorageException;

/** A callback that takes a note besides. */
public final class Recording<T> implements Callback<T> {

  private final Callback<T> callback;
  private final Runnable note;

  private Recording(Callback<T> callback, Runnable note) {
    this.callback = callback;
    this.note = note;
  }

  public static <T> Callback<T> of(Callback<T> callback, Runnable note) {
    return new Recording<>(callback, note);
  }

  @Override
  public void succeeded(T value) {
    note.run();
    callback.succeeded(value);
  }

  @Override
  public void failed(StorageException cause) {
    note.run();
    callback.failed(cause);
  }
}
