package dev.ostrakon.replica;

/** Receives the end of an asynchronous operation of a port, once, on the owner. */
public interface Callback<T> {

  void succeeded(T value);

  /** The storage failed; what it holds is no longer certain and the replica must stop. */
  void failed(StorageException cause);
}
