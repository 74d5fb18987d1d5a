package dev.ostrakon.examples.bank;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Random transfers between accounts for some time, each only if there is money enough, while an
 * auditor reads all balances at once again and again. What every account must have in the end is
 * known, because it is certain of every transfer whether it was done.
 */
public final class RandomTransfers implements BankRun {
  /** The most accounts, because the auditor reads all of them and the vault in one transaction. */
  public static final int ACCOUNTS_MAX = Bank.ACCOUNTS_AT_ONCE - 1;

  private static final String VAULT = "house:vault";
  private static final long BALANCE = 1_000;
  private static final int AMOUNT_MAX = 200;
  private static final int PROBLEMS_MAX = 5;

  /**
   * How much of it.
   *
   * @param accounts in [2, {@link #ACCOUNTS_MAX}]
   * @param clients transfers at a time
   * @param seconds how long
   * @param seed draws accounts and amounts
   */
  public record Shape(int accounts, int clients, int seconds, long seed) {
    /** Requires a shape that makes sense. */
    public Shape {
      if (accounts < 2 || accounts > ACCOUNTS_MAX || clients < 1 || seconds < 1) {
        throw new IllegalArgumentException(
            "expected accounts in 2.." + ACCOUNTS_MAX + " and clients and seconds from 1");
      }
    }
  }

  private final Bank bank;
  private final Shape shape;
  private final List<String> accounts;
  private final List<String> allWithVault;
  private final AtomicLongArray expected;
  private final BankProgress progress = new BankProgress();
  private final Tellers tellers = new Tellers();

  /** Transfers at a bank; accounts of the same names get new balances. */
  public RandomTransfers(Bank bank, Shape shape) {
    this.bank = bank;
    this.shape = shape;
    this.accounts =
        IntStream.range(0, shape.accounts())
            .mapToObj(number -> String.format(Locale.ROOT, "acct:%04d", number))
            .toList();
    this.allWithVault = new ArrayList<>(accounts);
    allWithVault.add(VAULT);
    this.expected = new AtomicLongArray(shape.accounts());
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
    bank.fund(accounts, BALANCE, VAULT);
    for (int account = 0; account < accounts.size(); account++) {
      expected.set(account, BALANCE);
    }
  }

  @Override
  public BankReport run() throws InterruptedException {
    long startNanos = System.nanoTime();
    long endNanos = startNanos + TimeUnit.SECONDS.toNanos(shape.seconds());
    tellers.run(
        shape.clients() + 1,
        teller -> {
          SplittableRandom random = new SplittableRandom(shape.seed() * 31 + teller);
          while (tellers.goOn() && System.nanoTime() - endNanos < 0) {
            if (teller == 0) {
              audit();
            } else {
              transfer(random);
            }
          }
        });
    return compare((System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private void transfer(SplittableRandom random) throws InterruptedException {
    int from = random.nextInt(accounts.size());
    int to = (from + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
    long amount = 1L + random.nextInt(AMOUNT_MAX);
    long startNanos = System.nanoTime();
    boolean done = bank.transfer(accounts.get(from), accounts.get(to), amount);
    progress.count(done, startNanos);
    if (done) {
      expected.addAndGet(from, -amount);
      expected.addAndGet(to, amount);
    }
  }

  /** Reads all balances as of one moment, in the middle of all transfers. */
  private void audit() throws InterruptedException {
    Map<String, Long> balances = bank.balances(allWithVault);
    long sum = balances.values().stream().mapToLong(Long::longValue).sum();
    if (sum != 0 || balances.size() != allWithVault.size()) {
      throw new AuditFailedException(
          "an audit found " + balances.size() + " balances with the sum " + sum + ", expected 0");
    }
    balances.forEach(
        (account, balance) -> {
          if (balance < 0 && !account.equals(VAULT)) {
            throw new AuditFailedException("an audit found " + account + " at " + balance);
          }
        });
    progress.countAudit();
  }

  private BankReport compare(double seconds) throws InterruptedException {
    Map<String, Long> balances = bank.balances(allWithVault);
    List<String> problems = new ArrayList<>();
    long mismatches = 0;
    for (int account = 0; account < accounts.size(); account++) {
      long actual = balances.getOrDefault(accounts.get(account), 0L);
      if (actual != expected.get(account) && mismatches++ < PROBLEMS_MAX) {
        problems.add(
            accounts.get(account) + " has " + actual + ", expected " + expected.get(account));
      }
    }
    return new BankReport(
        accounts.size(),
        progress.transfers(),
        progress.refused(),
        mismatches,
        balances.values().stream().mapToLong(Long::longValue).sum(),
        seconds,
        progress.latencyMillis(50),
        progress.latencyMillis(99),
        Double.NaN,
        problems);
  }
}
