package dev.ostrakon.cli.torture;

import dev.ostrakon.cli.history.EdnHistoryWriter;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Transfers that leave no account below zero, and reads of all accounts at once. */
final class BankWorkload implements Workload {
  private static final long BALANCE = 100;
  private static final int AMOUNT_MAX = 60;
  private static final double READ_SHARE = 0.3;

  private final Store store;
  private final EdnHistoryWriter history;
  private final Counts counts;
  private final Clients clients;
  private final String prefix;
  private final List<String> accounts;

  BankWorkload(TortureRun run, Store store, EdnHistoryWriter history, Clients clients) {
    this.store = store;
    this.history = history;
    this.clients = clients;
    counts = run.counts();
    prefix = run.keyPrefix();
    accounts =
        IntStream.range(0, run.settings().keys()).mapToObj(account -> prefix + account).toList();
  }

  private static Key key(String account) {
    return Key.utf8(account);
  }

  /** Fills all accounts and reads them, before anybody else does anything. */
  @Override
  public boolean prepare() throws IOException {
    List<Operation> deposits = new ArrayList<>();
    for (String account : accounts) {
      deposits.add(new Operation.Put(key(account), Value.utf8(Long.toString(BALANCE))));
    }
    return store.execute(Transaction.of(deposits)) instanceof Answer.Ok<?> && readAll(0);
  }

  @Override
  public void step(int number) throws IOException {
    Client client = clients.get(number);
    if (client.random().chance(READ_SHARE)) {
      readAll(number);
    } else {
      transfer(client);
    }
  }

  private void transfer(Client client) throws IOException {
    RandomSource random = client.random();
    int from = random.nextInt(accounts.size());
    int to = (from + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
    long amount = 1L + random.nextInt(AMOUNT_MAX);
    String form = "{:from " + from + " :to " + to + " :amount " + amount + "}";
    Key source = key(accounts.get(from));
    Transaction transaction =
        new Transaction(
            List.of(new Condition.NumberIs(source, Condition.Comparison.GREATER_OR_EQUAL, amount)),
            List.of(
                new Operation.Add(source, -amount, false),
                new Operation.Add(key(accounts.get(to)), amount, false)),
            List.of());
    history.write(":invoke", client.process(), ":transfer", form);
    Answer<Branch> answer =
        client.resolve(store, store.execute(transaction).map(TxnResult::branch), TxnResult::branch);
    counts.add(answer);
    history.write(typeOf(answer), client.process(), ":transfer", form);
    renewIfUnknown(client, answer);
  }

  /** A transfer without the money for it has definitely not happened. */
  private static String typeOf(Answer<Branch> answer) {
    if (answer instanceof Answer.Ok<Branch> ok) {
      return ok.value() == Branch.THEN ? ":ok" : ":fail";
    }
    return answer instanceof Answer.Failed<Branch> ? ":fail" : ":info";
  }

  private static void renewIfUnknown(Client client, Answer<?> answer) {
    if (answer instanceof Answer.Unknown<?>) {
      client.renew();
    }
  }

  @Override
  public boolean readAll(int number) throws IOException {
    Client client = clients.get(number);
    history.write(":invoke", client.process(), ":txn", form(Map.of()));
    Answer<Map<String, String>> answer =
        client.random().chance(0.5) ? store.getAll(accounts) : readInTransaction();
    counts.add(answer);
    if (answer instanceof Answer.Ok<Map<String, String>> ok) {
      history.write(":ok", client.process(), ":txn", form(ok.value()));
      return true;
    }
    String type = answer instanceof Answer.Failed<?> ? ":fail" : ":info";
    history.write(type, client.process(), ":txn", form(Map.of()));
    renewIfUnknown(client, answer);
    return false;
  }

  private Answer<Map<String, String>> readInTransaction() {
    List<Operation> gets = new ArrayList<>();
    accounts.forEach(account -> gets.add(new Operation.Get(key(account))));
    return store.execute(Transaction.of(gets)).map(this::balances);
  }

  private Map<String, String> balances(TxnResult result) {
    Map<String, String> balances = new LinkedHashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      String account = accounts.get(i);
      result.text(i).ifPresent(balance -> balances.put(account, balance));
    }
    return balances;
  }

  /** The EDN of a read; an account without a balance is nil. */
  private String form(Map<String, String> balances) {
    StringBuilder form = new StringBuilder("[");
    for (int i = 0; i < accounts.size(); i++) {
      String balance = balances.getOrDefault(accounts.get(i), "nil");
      if (!balance.matches("nil|-?\\d+")) {
        throw new BrokenPromiseException(
            "Account " + i + " holds something else: " + balance, null);
      }
      form.append(i == 0 ? "" : " ").append("[:r ").append(i).append(' ').append(balance);
      form.append(']');
    }
    return form.append(']').toString();
  }

  @Override
  public void close() throws IOException {
    history.close();
  }
}
