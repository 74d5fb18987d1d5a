package dev.ostrakon.client;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

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
public final class Tx {
  private final ClientLoop loop;
  private final long deadlineNanos;

  /** What an earlier try learned of the keys that it had read, all as of one moment. */
  private final Map<Key, OperationResult> learned;

  private final Map<Key, CompletableFuture<OperationResult>> reads = new TreeMap<>();
  private final List<Call<?>> fetches = new ArrayList<>();
  private final List<Operation> writes = new ArrayList<>();
  private boolean isClosed;

  Tx(ClientLoop loop, long deadlineNanos, Map<Key, OperationResult> learned) {
    this.loop = loop;
    this.deadlineNanos = deadlineNanos;
    this.learned = learned;
  }

  /**
   * Reads a value; empty for a missing key. Fails with {@link NotTextException} if it is not UTF-8.
   */
  public CompletableFuture<Optional<String>> get(String key) {
    return read(Key.utf8(key), value -> Text.of(value.bytes(), "a value"));
  }

  /** Reads a value; empty for a missing key. */
  public CompletableFuture<Optional<byte[]>> get(byte[] key) {
    return read(Operations.key(key), value -> value.bytes().toByteArray());
  }

  /** Sets a value when the transaction commits. */
  public CompletableFuture<Void> put(String key, String value) {
    return write(Operations.put(key, value));
  }

  /** Sets a value when the transaction commits. */
  public CompletableFuture<Void> put(byte[] key, byte[] value) {
    return write(Operations.put(key, value));
  }

  /** Adds to the end of a value when the transaction commits. */
  public CompletableFuture<Void> append(String key, String value) {
    return write(Operations.append(key, value));
  }

  /** Adds to the end of a value when the transaction commits. */
  public CompletableFuture<Void> append(byte[] key, byte[] value) {
    return write(Operations.append(key, value));
  }

  /** Removes a key when the transaction commits. */
  public CompletableFuture<Void> delete(String key) {
    return write(Operations.delete(key));
  }

  /** Removes a key when the transaction commits. */
  public CompletableFuture<Void> delete(byte[] key) {
    return write(Operations.delete(key));
  }

  /**
   * Adds to a number when the transaction commits. Unlike reading and putting the sum this does not
   * conflict with others that only add.
   */
  public CompletableFuture<Void> add(String key, long delta) {
    return write(Operations.add(key, delta));
  }

  /** As {@link #add(String, long)}. */
  public CompletableFuture<Void> add(byte[] key, long delta) {
    return write(Operations.add(key, delta));
  }

  private CompletableFuture<Void> write(Operation operation) {
    CompletableFuture<Void> future = loop.newFuture();
    onLoop(
        future,
        () -> {
          writes.add(operation);
          loop.complete(future, null);
        });
    return future;
  }

  private <T> CompletableFuture<Optional<T>> read(Key key, Function<Value, T> as) {
    CompletableFuture<Optional<T>> future = loop.newFuture();
    onLoop(
        future,
        () -> {
          List<Operation> own =
              writes.stream().filter(operation -> operation.key().equals(key)).toList();
          CompletionStage<OperationResult> base =
              hidesBase(own)
                  ? CompletableFuture.completedFuture(new OperationResult.Absent())
                  : reads.computeIfAbsent(key, this::fetch);
          ClientLoop.whenDone(
              base,
              (result, cause) -> {
                if (cause != null) {
                  loop.fail(future, Interactive.unwrap(cause));
                } else {
                  answer(future, result, own, as);
                }
              });
        });
    return future;
  }

  private <T> void answer(
      CompletableFuture<Optional<T>> future,
      OperationResult base,
      List<Operation> own,
      Function<Value, T> as) {
    try {
      loop.complete(future, fold(base, own).map(as));
    } catch (NotExecutedException e) {
      loop.fail(future, e);
    }
  }

  private CompletableFuture<OperationResult> fetch(Key key) {
    OperationResult known = learned.get(key);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    TransactionCall<OperationResult> call =
        new TransactionCall<>(
            loop,
            deadlineNanos,
            Transaction.of(List.of(new Operation.Get(key))),
            committed -> committed.results().get(0));
    call.isInternal = true;
    fetches.add(call);
    return loop.submit(call);
  }

  private void onLoop(CompletableFuture<?> future, Runnable body) {
    loop.execute(
        new Task() {
          @Override
          void run() {
            if (isClosed) {
              loop.fail(future, new IllegalStateException("the transaction's function has ended"));
            } else {
              body.run();
            }
          }

          @Override
          void refuse() {
            loop.fail(future, new ClientClosedException("the client is closed"));
          }
        });
  }

  /** Whether what the store holds cannot be seen any more. */
  private static boolean hidesBase(List<Operation> own) {
    return own.stream()
        .anyMatch(
            operation ->
                operation instanceof Operation.Put || operation instanceof Operation.Delete);
  }

  /** A value after the transaction's own writes. */
  static Optional<Value> fold(OperationResult base, List<Operation> own) {
    Optional<Value> value =
        base instanceof OperationResult.Present present
            ? Optional.of(present.value())
            : Optional.empty();
    for (Operation operation : own) {
      if (operation instanceof Operation.Put put) {
        value = Optional.of(put.value());
      } else if (operation instanceof Operation.Delete) {
        value = Optional.empty();
      } else if (operation instanceof Operation.Append append) {
        value = Optional.of(concatenated(value, append.value()));
      } else if (operation instanceof Operation.Add add) {
        value = Optional.of(sum(value, add.delta()));
      }
    }
    return value;
  }

  private static Value concatenated(Optional<Value> head, Value tail) {
    if (head.isEmpty()) {
      return tail;
    }
    byte[] first = head.get().bytes().sharedArray();
    byte[] second = tail.bytes().sharedArray();
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return new Value(ByteString.wrap(both));
  }

  private static Value sum(Optional<Value> value, long delta) {
    OptionalLong number = value.map(Value::asNumber).orElseGet(() -> OptionalLong.of(0));
    if (number.isEmpty()) {
      throw new TransactionRefusedException(
          "an add met a value that is no number", TransactionRefusedException.Reason.NOT_A_NUMBER);
    }
    try {
      return Value.number(Math.addExact(number.getAsLong(), delta));
    } catch (ArithmeticException e) {
      throw new TransactionRefusedException(
          "an add would leave 64 bits", TransactionRefusedException.Reason.NUMBER_OVERFLOW);
    }
  }

  // ---- For the run that it belongs to, on the loop ----

  /** Nothing is read or written any more. */
  void close() {
    isClosed = true;
  }

  /** Whether a commit has nothing to check and nothing to do. */
  boolean isTrivial() {
    return writes.isEmpty() && seen().size() <= 1;
  }

  /** A read that is under way, if there is one. */
  Optional<Call<?>> pendingRead() {
    for (Call<?> fetch : fetches) {
      if (!fetch.isCompleted) {
        return Optional.of(fetch);
      }
    }
    return Optional.empty();
  }

  /** Whether a read has failed, so that nobody knows what it would have told. */
  boolean hasFailedRead() {
    return reads.values().stream().anyMatch(CompletableFuture::isCompletedExceptionally);
  }

  /** What was read. */
  Map<Key, OperationResult> seen() {
    Map<Key, OperationResult> seen = new TreeMap<>();
    reads.forEach(
        (key, read) -> {
          if (read.isDone() && !read.isCompletedExceptionally()) {
            seen.put(key, read.join());
          }
        });
    return seen;
  }

  /** Writes if nothing has changed, else reads again what was read. */
  Transaction commit() {
    return ifUnchanged(writes);
  }

  /** Finds out whether anything has changed, and reads again what was read if so. */
  Transaction validation() {
    return ifUnchanged(List.of());
  }

  private Transaction ifUnchanged(List<Operation> then) {
    List<Condition> conditions = new ArrayList<>();
    List<Operation> again = new ArrayList<>();
    seen()
        .forEach(
            (key, result) -> {
              conditions.add(
                  result instanceof OperationResult.Present present
                      ? new Condition.VersionIs(key, present.version())
                      : new Condition.Missing(key));
              again.add(new Operation.Get(key));
            });
    return new Transaction(conditions, then, again);
  }
}
