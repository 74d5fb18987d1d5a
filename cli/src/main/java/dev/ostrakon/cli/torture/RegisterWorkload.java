package dev.ostrakon.cli.torture;

import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Status;
import dev.ostrakon.cli.history.KvHistoryWriter;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes single keys; every written value is unique. */
final class RegisterWorkload implements Workload {
  private final Store store;
  private final KvHistoryWriter history;
  private final LongSupplier nanos;
  private final Counts counts;
  private final Clients clients;
  private final String prefix;
  private final AtomicLong lastValue = new AtomicLong();

  /** For each key a value that it had not long ago, for compare-and-sets that succeed. */
  private final AtomicReferenceArray<@Nullable String> recent;

  RegisterWorkload(TortureRun run, Store store, KvHistoryWriter history, Clients clients) {
    this.store = store;
    this.history = history;
    this.clients = clients;
    nanos = run.nanos();
    counts = run.counts();
    prefix = run.keyPrefix();
    recent = new AtomicReferenceArray<>(run.settings().keys());
  }

  /** Waits until every key is served; this is not part of the history. */
  @Override
  public boolean prepare() {
    for (int key = 0; key < recent.length(); key++) {
      if (!(store.get(prefix + key) instanceof Answer.Ok<?>)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void step(int number) throws IOException {
    Client client = clients.get(number);
    int key = client.random().nextInt(recent.length());
    run(client, key, draw(client.random(), key));
  }

  @Override
  public boolean readAll(int number) throws IOException {
    for (int key = 0; key < recent.length(); key++) {
      if (!run(clients.get(number), key, new KvAction.Get())) {
        return false;
      }
    }
    return true;
  }

  private KvAction draw(RandomSource random, int key) {
    int draw = random.nextInt(100);
    String value = lastValue.incrementAndGet() + ".";
    String expected = recent.get(key);
    if (draw < 40) {
      return new KvAction.Get();
    } else if (draw < 62) {
      return new KvAction.Put(value);
    } else if (draw < 74) {
      return new KvAction.Append(value);
    } else if (draw < 80) {
      return new KvAction.Delete();
    }
    return new KvAction.Cas(expected == null ? value : expected, value);
  }

  private boolean run(Client client, int key, KvAction action) throws IOException {
    long call = nanos.getAsLong();
    Answer<KvOutput> answer = ask(client, prefix + key, action);
    long end = nanos.getAsLong();
    counts.add(answer);
    history.write(operation(client, "k" + key, action, call, end, answer));
    if (answer instanceof Answer.Ok<KvOutput> ok) {
      remember(key, action, ok.value());
    } else if (answer instanceof Answer.Unknown<KvOutput>) {
      client.renew();
    }
    return answer instanceof Answer.Ok<KvOutput>;
  }

  private static KvOperation operation(
      Client client, String key, KvAction action, long call, long end, Answer<KvOutput> answer) {
    if (answer instanceof Answer.Ok<KvOutput> ok) {
      return KvOperation.ok(client.process(), key, action, call, end, ok.value());
    }
    return answer instanceof Answer.Failed<KvOutput>
        ? KvOperation.fail(client.process(), key, action, call, end)
        : new KvOperation(
            client.process(), key, action, call, KvOperation.NEVER, Status.UNKNOWN, KvOutput.NONE);
  }

  private Answer<KvOutput> ask(Client client, String key, KvAction action) {
    if (action instanceof KvAction.Put put) {
      return written(client, store.put(key, put.value()));
    }
    if (action instanceof KvAction.Append append) {
      return written(client, store.append(key, append.value()));
    }
    if (action instanceof KvAction.Delete) {
      return written(client, store.delete(key));
    }
    if (action instanceof KvAction.Cas cas && cas.expect() != null) {
      Answer<Boolean> answer = store.compareAndSet(key, cas.expect(), cas.value());
      return client
          .resolve(store, answer, result -> result.conditionsHeld())
          .map(KvOutput.Swapped::new);
    }
    return store.get(key).map(found -> new KvOutput.Value(found.orElse(null)));
  }

  private Answer<KvOutput> written(Client client, Answer<Boolean> answer) {
    return client.resolve(store, answer, result -> true).map(done -> KvOutput.NONE);
  }

  private void remember(int key, KvAction action, KvOutput output) {
    if (output instanceof KvOutput.Value value && value.text() != null) {
      recent.set(key, value.text());
    } else if (action instanceof KvAction.Put put) {
      recent.set(key, put.value());
    }
  }

  @Override
  public void close() throws IOException {
    history.close();
  }
}
