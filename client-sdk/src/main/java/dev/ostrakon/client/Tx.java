package dev.ostrakon.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An interactive transaction, handed to the function of {@link OstrakonClient#transact}. Reads see
 * the transaction's own writes; a key is read from the store once and then stays as it was. Writes
 * are gathered and take effect when the function's stage completes, all at once, if nothing that
 * was read has changed meanwhile; else the function runs again. It may therefore run several times
 * and must have no other effects.
 *
 * <p>Any thread; calls of one thread keep their order. Calls after the function's stage has
 * completed fail with {@link IllegalStateException}.
 */
public interface Tx {
  /** Reads a value; empty for a missing key. */
  CompletableFuture<Optional<String>> get(String key);

  /** Reads a value; empty for a missing key. */
  CompletableFuture<Optional<byte[]>> get(byte[] key);

  /** Sets a value when the transaction commits. */
  CompletableFuture<Void> put(String key, String value);

  /** Sets a value when the transaction commits. */
  CompletableFuture<Void> put(byte[] key, byte[] value);

  /** Adds to the end of a value when the transaction commits. */
  CompletableFuture<Void> append(String key, String value);

  /** Adds to the end of a value when the transaction commits. */
  CompletableFuture<Void> append(byte[] key, byte[] value);

  /** Removes a key when the transaction commits. */
  CompletableFuture<Void> delete(String key);

  /** Removes a key when the transaction commits. */
  CompletableFuture<Void> delete(byte[] key);

  /**
   * Adds to a number when the transaction commits. Unlike reading and putting the sum this does not
   * conflict with others that only add.
   */
  CompletableFuture<Void> add(String key, long delta);

  /** As {@link #add(String, long)}. */
  CompletableFuture<Void> add(byte[] key, long delta);
}
