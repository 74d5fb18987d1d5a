package dev.ostrakon.cli.torture;

import dev.ostrakon.client.LostRequest;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.model.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a torture asks of a cluster. Any thread; calls block until they are answered. */
interface Store extends AutoCloseable {
  Answer<Optional<String>> get(String key);

  Answer<Boolean> put(String key, String value);

  Answer<Boolean> append(String key, String value);

  Answer<Boolean> delete(String key);

  /** Whether the value was the expected one and is now the new one. */
  Answer<Boolean> compareAndSet(String key, String expected, String value);

  /** Reads keys as of one moment; those without a value are left out. */
  Answer<Map<String, String>> getAll(List<String> keys);

  Answer<TxnResult> execute(Transaction transaction);

  /** Reads a key and then appends to it, interactively; tells what it read. */
  Answer<Optional<String>> readThenAppend(String key, String suffix);

  /** What became of a request of unknown outcome. */
  Answer<Outcome> outcome(LostRequest lost);

  @Override
  void close();
}
