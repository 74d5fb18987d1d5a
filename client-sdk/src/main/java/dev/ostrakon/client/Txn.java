package dev.ostrakon.client;

import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A transaction that is decided in one round: conditions, and what to do if they all hold and if
 * not. Over any keys of any groups. Made by {@link OstrakonClient#txn}; for one thread at a time.
 */
public final class Txn {
  private final OstrakonClient client;
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Operation> then = new ArrayList<>();
  private final List<Operation> otherwise = new ArrayList<>();

  Txn(OstrakonClient client) {
    this.client = client;
  }

  /** Adds conditions; all of them must hold, and none always does. */
  public Txn when(Condition... more) {
    Collections.addAll(conditions, more);
    return this;
  }

  /** Adds steps for the case that all conditions hold. */
  public Txn then(Operation... more) {
    Collections.addAll(then, more);
    return this;
  }

  /** Adds steps for the case that some condition does not hold. */
  public Txn otherwise(Operation... more) {
    Collections.addAll(otherwise, more);
    return this;
  }

  /**
   * Carries it out, exactly once however often it must be sent; fails with a {@link KvException}.
   */
  public CompletableFuture<TxnResult> commit() {
    return client.execute(new Transaction(conditions, then, otherwise));
  }
}
