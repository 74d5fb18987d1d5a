package dev.ostrakon.cli.torture;

import dev.ostrakon.cli.history.EdnHistoryWriter;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Transactions that append to lists and read them. A list is the text of its numbers, each followed
 * by a comma. Each list takes a bounded number of appends; then another key takes its place.
 */
final class AppendWorkload implements Workload {
  private static final int STEPS_MAX = 4;
  private static final int READ_AT_ONCE = 16; // lists a transaction at the end
  private static final double APPEND_SHARE = 0.5;
  private static final double INTERACTIVE_SHARE = 0.1;

  /** One step: an append of an element, or a read if the element is 0. */
  private record Mop(long key, long element) {
    boolean isRead() {
      return element == 0;
    }
  }

  private final Store store;
  private final EdnHistoryWriter history;
  private final Counts counts;
  private final Clients clients;
  private final String prefix;
  private final ListKeys keys;

  AppendWorkload(TortureRun run, Store store, EdnHistoryWriter history, Clients clients) {
    this.store = store;
    this.history = history;
    this.clients = clients;
    counts = run.counts();
    prefix = run.keyPrefix();
    keys = new ListKeys(run.settings().keys());
  }

  /** Waits until every list is served; this is not part of the history. */
  @Override
  public boolean prepare() {
    return keys.all().stream().allMatch(key -> store.get(prefix + key) instanceof Answer.Ok<?>);
  }

  @Override
  public void step(int number) throws IOException {
    Client client = clients.get(number);
    RandomSource random = client.random();
    if (random.chance(INTERACTIVE_SHARE)) {
      long key = keys.draw(random);
      run(client, List.of(new Mop(key, 0), new Mop(key, keys.nextElement(key))), true);
      return;
    }
    List<Mop> mops = new ArrayList<>();
    int count = 1 + random.nextInt(STEPS_MAX);
    for (int i = 0; i < count; i++) {
      long key = keys.draw(random);
      mops.add(new Mop(key, random.chance(APPEND_SHARE) ? keys.nextElement(key) : 0));
    }
    run(client, mops, false);
  }

  @Override
  public boolean readAll(int number) throws IOException {
    List<Mop> mops = new ArrayList<>();
    for (long key : keys.all()) {
      mops.add(new Mop(key, 0));
    }
    for (int from = 0; from < mops.size(); from += READ_AT_ONCE) {
      List<Mop> some = mops.subList(from, Math.min(from + READ_AT_ONCE, mops.size()));
      if (!run(clients.get(number), some, false)) {
        return false;
      }
    }
    return true;
  }

  private boolean run(Client client, List<Mop> mops, boolean interactive) throws IOException {
    history.write(":invoke", client.process(), ":txn", form(mops, List.of()));
    Answer<List<Optional<String>>> answer = ask(client, mops, interactive);
    counts.add(answer);
    if (answer instanceof Answer.Ok<List<Optional<String>>> ok) {
      history.write(":ok", client.process(), ":txn", form(mops, ok.value()));
      return true;
    }
    boolean failed = answer instanceof Answer.Failed<?>;
    history.write(failed ? ":fail" : ":info", client.process(), ":txn", form(mops, List.of()));
    if (!failed) {
      client.renew();
    }
    return false;
  }

  /** What each step read. */
  private Answer<List<Optional<String>>> ask(Client client, List<Mop> mops, boolean interactive) {
    Mop first = mops.get(0);
    if (interactive) {
      Mop append = mops.get(1);
      return store
          .readThenAppend(prefix + append.key(), text(append))
          .map(found -> List.of(found, Optional.empty()));
    }
    boolean plain = client.random().chance(0.5); // The same can be asked in two ways.
    if (mops.size() == 1 && plain) {
      return first.isRead()
          ? store.get(prefix + first.key()).map(List::of)
          : client
              .resolve(store, store.append(prefix + first.key(), text(first)), result -> true)
              .map(done -> List.of(Optional.empty()));
    }
    if (plain && mops.stream().allMatch(Mop::isRead)) {
      List<String> wanted = mops.stream().map(mop -> prefix + mop.key()).distinct().toList();
      return store.getAll(wanted).map(found -> inOrder(mops, found));
    }
    Transaction transaction = Transaction.of(mops.stream().map(this::operation).toList());
    return client.resolve(
        store, store.execute(transaction).map(AppendWorkload::texts), AppendWorkload::texts);
  }

  private List<Optional<String>> inOrder(List<Mop> mops, Map<String, String> found) {
    return mops.stream().map(mop -> Optional.ofNullable(found.get(prefix + mop.key()))).toList();
  }

  private static List<Optional<String>> texts(TxnResult result) {
    List<Optional<String>> texts = new ArrayList<>();
    for (int i = 0; i < result.results().size(); i++) {
      texts.add(result.text(i));
    }
    return texts;
  }

  private Operation operation(Mop mop) {
    Key key = Key.utf8(prefix + mop.key());
    return mop.isRead() ? new Operation.Get(key) : new Operation.Append(key, Value.utf8(text(mop)));
  }

  private static String text(Mop append) {
    return append.element() + ",";
  }

  /** The EDN of steps; reads are nil if nothing is known of them. */
  private static String form(List<Mop> mops, List<Optional<String>> found) {
    StringBuilder form = new StringBuilder("[");
    for (int i = 0; i < mops.size(); i++) {
      Mop mop = mops.get(i);
      form.append(i == 0 ? "[" : " [");
      if (mop.isRead()) {
        form.append(":r ").append(mop.key()).append(' ');
        form.append(found.isEmpty() ? "nil" : list(mop.key(), found.get(i).orElse("")));
      } else {
        form.append(":append ").append(mop.key()).append(' ').append(mop.element());
      }
      form.append(']');
    }
    return form.append(']').toString();
  }

  private static String list(long key, String text) {
    if (!text.matches("(\\d+,)*")) {
      throw new BrokenPromiseException("List " + key + " holds something else: " + text, null);
    }
    return "[" + text.replace(',', ' ').strip() + "]";
  }

  @Override
  public void close() throws IOException {
    history.close();
  }
}
