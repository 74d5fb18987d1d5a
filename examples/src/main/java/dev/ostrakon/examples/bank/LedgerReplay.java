package dev.ostrakon.examples.bank;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Replays a ledger: accounts at the same time, the rows of one account in their order, every row a
 * transaction between the account and its counterparty. Afterwards every account has its last
 * published balance, and all balances together are zero. A replay that is stopped compares each
 * account with the balance after its last row that was booked.
 */
public final class LedgerReplay implements BankRun {
  private static final int PROBLEMS_MAX = 5;

  private final Bank bank;
  private final int clients;
  private final Map<String, List<Booking>> rows = new LinkedHashMap<>();
  private final TreeSet<String> counterparties = new TreeSet<>();
  private final BankProgress progress = new BankProgress();
  private final Tellers tellers = new Tellers();

  /** The last row of each account that was booked. */
  private final Map<String, Booking> booked = new ConcurrentHashMap<>();

  /**
   * A replay of these rows at a bank; accounts of their names are forgotten first.
   *
   * @param clients accounts at a time
   */
  public LedgerReplay(Bank bank, List<Booking> ledger, int clients) {
    this.bank = bank;
    this.clients = clients;
    for (Booking booking : ledger) {
      rows.computeIfAbsent(booking.account(), account -> new ArrayList<>()).add(booking);
      counterparties.add(booking.counterparty());
    }
  }

  @Override
  public BankProgress progress() {
    return progress;
  }

  @Override
  public void stop() {
    tellers.stop();
  }

  @Override
  public void prepare() throws InterruptedException {
    bank.close(rows.keySet());
    bank.close(counterparties);
  }

  @Override
  public BankReport run() throws InterruptedException {
    long startNanos = System.nanoTime();
    Queue<List<Booking>> waiting = new ConcurrentLinkedQueue<>(rows.values());
    tellers.run(clients, teller -> serve(waiting));
    return compare((System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private void serve(Queue<List<Booking>> waiting) throws InterruptedException {
    for (List<Booking> account = waiting.poll(); account != null; account = waiting.poll()) {
      for (Booking booking : account) {
        if (!tellers.goOn()) {
          return;
        }
        book(booking);
      }
    }
  }

  private void book(Booking booking) throws InterruptedException {
    long startNanos = System.nanoTime();
    // The published balance may itself be below zero; nothing may go lower than that.
    long least = Math.min(0, booking.balance());
    boolean done = bank.book(booking.account(), booking.counterparty(), booking.amount(), least);
    progress.count(done, startNanos);
    booked.put(booking.account(), booking);
  }

  private BankReport compare(double seconds) throws InterruptedException {
    Map<String, Long> balances = bank.balances(rows.keySet());
    List<String> problems = new ArrayList<>();
    long mismatches = 0;
    long sum = 0;
    for (String account : rows.keySet()) {
      Booking last = booked.get(account);
      long expected = last == null ? 0 : last.balance();
      long actual = balances.getOrDefault(account, 0L);
      sum += actual;
      if (actual != expected && mismatches++ < PROBLEMS_MAX) {
        problems.add(account + " has " + actual + ", expected " + expected);
      }
    }
    sum += bank.balances(counterparties).values().stream().mapToLong(Long::longValue).sum();
    return new BankReport(
        rows.size(),
        progress.transfers(),
        progress.refused(),
        mismatches,
        sum,
        seconds,
        progress.latencyMillis(50),
        progress.latencyMillis(99),
        Double.NaN,
        problems);
  }
}
