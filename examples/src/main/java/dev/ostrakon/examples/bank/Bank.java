package dev.ostrakon.examples.bank;

import static dev.ostrakon.client.Conditions.value;
import static dev.ostrakon.client.Operations.add;
import static dev.ostrakon.client.Operations.append;
import static dev.ostrakon.client.Operations.delete;
import static dev.ostrakon.client.Operations.get;
import static dev.ostrakon.client.Operations.put;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Versioned;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bank on the store. A balance is a decimal number of minor units under the account's name, so
 * amounts are exact. Every method carries out one transaction, or a few for very many accounts, and
 * returns when it is certain what became of it. Any thread.
 */
public final class Bank {
  /** The most accounts that one transaction touches here; clusters take 1,024 keys by default. */
  public static final int ACCOUNTS_AT_ONCE = 1_020;

  private final Certain certain;
  private final String prefix;

  /** A bank on a cluster. */
  public Bank(OstrakonClient db) {
    this(db, "");
  }

  /**
   * A bank on a cluster that holds other things, too.
   *
   * @param prefix the beginning of every key of the bank, without braces; empty for none
   */
  public Bank(OstrakonClient db, String prefix) {
    this.certain = new Certain(db);
    this.prefix = prefix;
  }

  /** Behind a prefix the account is the key's tag, as it is of its statement. */
  private String key(String account) {
    return prefix.isEmpty() ? account : prefix + "{" + account + "}";
  }

  /** Sets a balance, whatever it was. */
  public void open(String account, long balance) throws InterruptedException {
    certain.commit(Transaction.of(List.of(put(key(account), Long.toString(balance)))));
  }

  /** Moves money if there is enough of it; returns whether there was. No balance goes below 0. */
  public boolean transfer(String from, String to, long amount) throws InterruptedException {
    requirePositive(amount);
    return commit(
        List.of(value(key(from)).atLeast(amount)), add(key(from), -amount), add(key(to), amount));
  }

  /**
   * As {@link #transfer}, and writes it into both statements, all in one transaction. A statement
   * has its account as its tag, so that both lie in the same group.
   */
  public boolean pay(String from, String to, long amount, String memo) throws InterruptedException {
    requirePositive(amount);
    return commit(
        List.of(value(key(from)).atLeast(amount)),
        add(key(from), -amount),
        add(key(to), amount),
        append(statementOf(from), -amount + " " + to + " " + memo + "\n"),
        append(statementOf(to), amount + " " + from + " " + memo + "\n"));
  }

  /**
   * Credits an account and debits its counterparty, which may owe any sum; a negative amount does
   * the reverse. Returns whether it was done: only if the account's balance stays at {@code least}
   * or above.
   */
  public boolean book(String account, String counterparty, long amount, long least)
      throws InterruptedException {
    // A credit needs no condition, and what has none does not wait for others that only add.
    List<Condition> conditions =
        amount < 0 ? List.of(value(key(account)).atLeast(least - amount)) : List.of();
    return commit(conditions, add(key(account), amount), add(key(counterparty), -amount));
  }

  private boolean commit(List<Condition> conditions, Operation... steps)
      throws InterruptedException {
    return certain.commit(new Transaction(conditions, List.of(steps), List.of())).conditionsHeld();
  }

  private static void requirePositive(long amount) {
    if (amount <= 0) {
      throw new IllegalArgumentException("an amount is positive, was " + amount);
    }
  }

  /**
   * The balances of accounts, those that exist. Up to {@link #ACCOUNTS_AT_ONCE} of them are read as
   * of one moment, even while money moves; more are read in several such reads.
   */
  public Map<String, Long> balances(Collection<String> accounts) throws InterruptedException {
    Map<String, Long> balances = new LinkedHashMap<>();
    for (List<String> part : parts(accounts)) {
      List<String> keys = part.stream().map(this::key).toList();
      Map<String, Versioned<String>> found = certain.read(db -> db.getAll(keys));
      for (String account : part) {
        Versioned<String> balance = found.get(key(account));
        if (balance != null) {
          balances.put(account, Long.parseLong(balance.value()));
        }
      }
    }
    return balances;
  }

  /** The lines of an account's statement, oldest first; only {@link #pay} writes them. */
  public List<String> statement(String account) throws InterruptedException {
    return certain
        .commit(Transaction.of(List.of(get(statementOf(account)))))
        .text(0)
        .map(text -> text.lines().toList())
        .orElse(List.of());
  }

  private String statementOf(String account) {
    return prefix + "{" + account + "}:statement";
  }

  /** Gives every account the same balance, which the vault lends them. */
  public void fund(List<String> accounts, long balance, String vault) throws InterruptedException {
    open(vault, 0);
    for (List<String> part : parts(accounts)) {
      List<Operation> steps = new ArrayList<>();
      part.forEach(account -> steps.add(put(key(account), Long.toString(balance))));
      steps.add(add(key(vault), -balance * part.size()));
      certain.commit(Transaction.of(steps));
    }
  }

  /** Forgets accounts. */
  public void close(Collection<String> accounts) throws InterruptedException {
    for (List<String> part : parts(accounts)) {
      List<Operation> steps = new ArrayList<>();
      part.forEach(account -> steps.add(delete(key(account))));
      certain.commit(Transaction.of(steps));
    }
  }

  private static List<List<String>> parts(Collection<String> accounts) {
    List<String> all = List.copyOf(accounts);
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += ACCOUNTS_AT_ONCE) {
      parts.add(all.subList(from, Math.min(all.size(), from + ACCOUNTS_AT_ONCE)));
    }
    return parts;
  }
}
