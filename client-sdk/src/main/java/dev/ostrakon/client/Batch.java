package dev.ostrakon.client;

import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Steps that happen all at once or not at all, over any groups. Made by {@link
 * OstrakonClient#batch}; for one thread at a time.
 */
public final class Batch {
  private final OstrakonClient client;
  private final List<Operation> operations = new ArrayList<>();

  Batch(OstrakonClient client) {
    this.client = client;
  }

  /** Sets a value. */
  public Batch put(String key, String value) {
    return step(Operations.put(key, value));
  }

  /** Sets a value. */
  public Batch put(byte[] key, byte[] value) {
    return step(Operations.put(key, value));
  }

  /** Adds to the end of a value; the same as put if there is none. */
  public Batch append(String key, String value) {
    return step(Operations.append(key, value));
  }

  /** Adds to the end of a value; the same as put if there is none. */
  public Batch append(byte[] key, byte[] value) {
    return step(Operations.append(key, value));
  }

  /** Removes a key. */
  public Batch delete(String key) {
    return step(Operations.delete(key));
  }

  /** Removes a key. */
  public Batch delete(byte[] key) {
    return step(Operations.delete(key));
  }

  /** Adds to a number. */
  public Batch add(String key, long delta) {
    return step(Operations.add(key, delta));
  }

  /** Adds to a number. */
  public Batch add(byte[] key, long delta) {
    return step(Operations.add(key, delta));
  }

  /** Adds any step. */
  public Batch step(Operation operation) {
    operations.add(operation);
    return this;
  }

  /**
   * Carries it out, exactly once however often it must be sent; fails with a {@link KvException}.
   *
   * @return one result for each step, in order
   */
  public CompletableFuture<TxnResult> commit() {
    return client.execute(Transaction.of(operations));
  }
}
