package dev.ostrakon.cli.torture;

import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.LostRequest;
import dev.ostrakon.client.NotExecutedException;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.ResultsLostException;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.client.Versioned;
import dev.ostrakon.model.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A cluster behind the client that users have. */
final class SdkStore implements Store {
  /** Far more than any call may take: one that takes longer has broken its promise. */
  private static final int ANSWER_SECONDS_MAX = 60;

  private final OstrakonClient client;

  SdkStore(OstrakonClient client) {
    this.client = client;
  }

  @Override
  public Answer<Optional<String>> get(String key) {
    return await(client.get(key).thenApply(found -> found.map(Versioned::value)));
  }

  @Override
  public Answer<Boolean> put(String key, String value) {
    return await(client.put(key, value).thenApply(version -> true));
  }

  @Override
  public Answer<Boolean> append(String key, String value) {
    return await(client.append(key, value).thenApply(version -> true));
  }

  @Override
  public Answer<Boolean> delete(String key) {
    return await(client.delete(key).thenApply(version -> true));
  }

  @Override
  public Answer<Boolean> compareAndSet(String key, String expected, String value) {
    return await(client.compareAndSet(key, expected, value));
  }

  @Override
  public Answer<Map<String, String>> getAll(List<String> keys) {
    return await(client.getAll(keys).thenApply(SdkStore::values));
  }

  private static Map<String, String> values(Map<String, Versioned<String>> found) {
    Map<String, String> values = new LinkedHashMap<>();
    found.forEach((key, value) -> values.put(key, value.value()));
    return values;
  }

  @Override
  public Answer<TxnResult> execute(Transaction transaction) {
    return await(client.execute(transaction));
  }

  @Override
  public Answer<Optional<String>> readThenAppend(String key, String suffix) {
    return await(
        client.transact(
            tx ->
                tx.get(key)
                    .thenCompose(
                        found -> tx.put(key, found.orElse("") + suffix).thenApply(done -> found))));
  }

  @Override
  public Answer<Outcome> outcome(LostRequest lost) {
    return await(client.outcome(lost));
  }

  @Override
  public void close() {
    client.close();
  }

  static <T> Answer<T> await(CompletableFuture<T> future) {
    try {
      return new Answer.Ok<>(future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return answerOf(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new BrokenPromiseException(
          "A call was not answered within " + ANSWER_SECONDS_MAX + " s.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unknown<>(null, "interrupted");
    }
  }

  private static <T> Answer<T> answerOf(Throwable cause) {
    String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    if (cause instanceof NotExecutedException) {
      return new Answer.Failed<>(reason);
    }
    if (cause instanceof CommitUnknownException unknown) {
      return new Answer.Unknown<>(unknown.request(), reason);
    }
    if (cause instanceof ResultsLostException) {
      return new Answer.Unknown<>(null, reason); // A history has no word for "done, unread".
    }
    throw new BrokenPromiseException("A call failed with something that is not promised.", cause);
  }
}
