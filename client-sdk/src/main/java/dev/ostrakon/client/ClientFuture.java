package dev.ostrakon.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future of the client, or one that was derived from one. A callback may wait for it; on an event
 * loop of the client, which would never complete it then, that throws.
 */
final class ClientFuture<T> extends CompletableFuture<T> {
  private final Callbacks callbacks;

  ClientFuture(Callbacks callbacks) {
    this.callbacks = callbacks;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ClientFuture<>(callbacks);
  }

  @Override
  public T join() {
    if (isDone() || !callbacks.beforeWait()) {
      return super.join();
    }
    try {
      return super.join();
    } finally {
      callbacks.afterWait();
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (isDone() || !callbacks.beforeWait()) {
      return super.get();
    }
    try {
      return super.get();
    } finally {
      callbacks.afterWait();
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (isDone() || !callbacks.beforeWait()) {
      return super.get(timeout, unit);
    }
    try {
      return super.get(timeout, unit);
    } finally {
      callbacks.afterWait();
    }
  }
}
