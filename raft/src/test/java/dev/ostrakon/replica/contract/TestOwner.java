package dev.ostrakon.replica.contract;

import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a test as the owner of a replica: it runs its turns while it waits for something.
 */
public final class TestOwner implements Scheduler {

  private static final long LIMIT_NANOS = Duration.ofSeconds(60).toNanos();

  private final LinkedBlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.currentThread();

  @Override
  public void execute(Runnable task) {
    turns.add(task);
  }

  @Override
  public long nowNanos() {
    return System.nanoTime();
  }

  @Override
  public boolean isOwner() {
    return Thread.currentThread() == thread;
  }

  /** Runs turns until the condition holds; fails after a minute. */
  public void runUntil(BooleanSupplier condition) {
    long deadline = nowNanos() + LIMIT_NANOS;
    while (!condition.getAsBoolean()) {
      try {
        Runnable turn = turns.poll(deadline - nowNanos(), TimeUnit.NANOSECONDS);
        if (turn == null) {
          throw new AssertionError("nothing happened for a minute");
        }
        turn.run();
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting", e);
      }
    }
  }

  /** Calls an asynchronous operation and waits for its result; throws what it failed with. */
  public <T> T await(Consumer<Callback<T>> operation) {
    Outcome<T> outcome = new Outcome<>();
    operation.accept(outcome);
    runUntil(outcome::isDone);
    return outcome.result();
  }

  /** The end of one operation. */
  public static final class Outcome<T> implements Callback<T> {

    private @Nullable T value;
    private @Nullable StorageException failure;
    private int calls;

    @Override
    public void succeeded(T result) {
      calls++;
      value = result;
    }

    @Override
    public void failed(StorageException cause) {
      calls++;
      failure = cause;
    }

    public boolean isDone() {
      if (calls > 1) {
        throw new AssertionError("called back " + calls + " times, expected once");
      }
      return calls == 1;
    }

    /** The failure, or null if it succeeded. */
    public @Nullable StorageException failure() {
      return failure;
    }

    /** The result; throws the failure if there was one. */
    @SuppressWarnings("NullAway") // The only value of Void is null.
    public T result() {
      if (failure != null) {
        throw failure;
      }
      return value;
    }
  }
}
