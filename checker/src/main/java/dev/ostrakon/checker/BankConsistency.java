package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Checks reads of a whole bank:
 *
 * <ul>
 *   <li>{@code wrong-sum}: every read has the same sum;
 *   <li>{@code negative-balance}: no balance is below zero;
 *   <li>{@code missing-account}: every read shows the same accounts;
 *   <li>{@code wrong-balance}: from one read to a later one each balance changes by what transfers
 *       in between account for. A transfer counts fully if it lies in between, it may count if it
 *       overlaps one of the two or its outcome is unknown, and else it does not count.
 * </ul>
 *
 * <p>So money neither appears nor vanishes, no read is torn or stale beyond the transfers under
 * way, and no acknowledged transfer is lost before the last read. It is no proof of strict
 * serializability: transfers do not say where they stand in an order.
 *
 * <p>Takes time in proportion to the history and to how much of it goes on at once.
 */
public final class BankConsistency {
  private final Anomalies anomalies = new Anomalies();
  private final List<BankOperation> reads = new ArrayList<>();

  /** Transfers that are ok, by their answer. */
  private final List<BankOperation> certain = new ArrayList<>();

  /** Transfers of unknown outcome, by their call. */
  private final List<BankOperation> open = new ArrayList<>();

  private long longestSpan;

  private BankConsistency(List<BankOperation> history) {
    for (BankOperation operation : history) {
      boolean isRead = operation.action() instanceof BankAction.ReadAll;
      if (operation.status() == Status.OK) {
        (isRead ? reads : certain).add(operation);
      } else if (operation.status() == Status.UNKNOWN && !isRead) {
        open.add(operation);
      }
    }
    reads.sort(Comparator.comparingLong(read -> read.span().returned()));
    certain.sort(Comparator.comparingLong(transfer -> transfer.span().returned()));
    open.sort(Comparator.comparingLong(transfer -> transfer.span().called()));
    for (BankOperation transfer : certain) {
      Span span = transfer.span();
      longestSpan = Math.max(longestSpan, span.returned() - span.called());
    }
  }

  /** As {@link #check(List, Budget)} with the default budget. */
  public static Report check(List<BankOperation> history) {
    return check(history, Budget.DEFAULT);
  }

  /** Judges a history; the order of its operations does not matter. */
  public static Report check(List<BankOperation> history, Budget budget) {
    BankConsistency check = new BankConsistency(history);
    check.run();
    if (check.anomalies.shown().isEmpty()) {
      BankOrder order = BankOrder.search(history, budget);
      if (order.verdict() == Verdict.UNDECIDED) {
        return Report.undecided(
            check.summary() + "; sums and balances are right, the search for an order gave up");
      }
      if (order.verdict() == Verdict.INVALID) {
        check.anomalies.add("no-order", order.explanation(), order.stuck());
      }
    }
    return Report.of(check.summary(), check.anomalies.shown());
  }

  private String summary() {
    return reads.size()
        + " reads of the bank, "
        + certain.size()
        + " transfers, "
        + open.size()
        + " of unknown outcome"
        + anomalies.countsText();
  }

  private void run() {
    for (int i = 0; i < reads.size(); i++) {
      checkAlone(reads.get(i));
      int base = lastReadBefore(reads.get(i).span(), i);
      if (base >= 0) {
        checkChange(reads.get(base), reads.get(i));
      }
    }
  }

  private static SortedMap<String, Long> balances(BankOperation read) {
    return ((BankAction.ReadAll) read.action()).balances();
  }

  private static long sum(BankOperation read) {
    return balances(read).values().stream().mapToLong(Long::longValue).sum();
  }

  private void checkAlone(BankOperation read) {
    BankOperation first = reads.get(0);
    if (!balances(read).keySet().equals(balances(first).keySet())) {
      anomalies.add("missing-account", "two reads differ in their accounts", List.of(first, read));
    } else if (sum(read) != sum(first)) {
      anomalies.add(
          "wrong-sum", "sums are " + sum(first) + " and " + sum(read), List.of(first, read));
    }
    balances(read)
        .forEach(
            (account, balance) -> {
              if (balance < 0) {
                anomalies.add("negative-balance", account + " has " + balance, List.of(read));
              }
            });
  }

  /** The read with the latest answer among those answered before the call; below 0 if none was. */
  private int lastReadBefore(Span span, int end) {
    int low = 0;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (reads.get(middle).span().isBefore(span)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** By how much the balance of an account may have changed. */
  private static final class Bounds {
    long least;
    long most;

    void add(long change, boolean isCertain) {
      least += isCertain ? change : Math.min(change, 0);
      most += isCertain ? change : Math.max(change, 0);
    }
  }

  private void checkChange(BankOperation base, BankOperation read) {
    Map<String, Bounds> bounds = new HashMap<>();
    List<BankOperation> involved = new ArrayList<>();
    for (int i = firstNotBefore(base.span()); i < certain.size(); i++) {
      BankOperation transfer = certain.get(i);
      if (transfer.span().returned() - longestSpan > read.span().returned()) {
        break;
      }
      if (!read.span().isBefore(transfer.span())) {
        boolean between =
            base.span().isBefore(transfer.span()) && transfer.span().isBefore(read.span());
        add(bounds, transfer, between);
        involved.add(transfer);
      }
    }
    for (BankOperation transfer : open) {
      if (read.span().isBefore(transfer.span())) {
        break;
      }
      add(bounds, transfer, false);
      involved.add(transfer);
    }
    compare(base, read, bounds, involved);
  }

  private int firstNotBefore(Span base) {
    int low = 0;
    int high = certain.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (certain.get(middle).span().isBefore(base)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void add(Map<String, Bounds> bounds, BankOperation operation, boolean isCertain) {
    BankAction.Transfer transfer = (BankAction.Transfer) operation.action();
    bounds
        .computeIfAbsent(transfer.from(), ignored -> new Bounds())
        .add(-transfer.amount(), isCertain);
    bounds
        .computeIfAbsent(transfer.to(), ignored -> new Bounds())
        .add(transfer.amount(), isCertain);
  }

  private void compare(
      BankOperation base,
      BankOperation read,
      Map<String, Bounds> bounds,
      List<BankOperation> involved) {
    Bounds none = new Bounds();
    balances(read)
        .forEach(
            (account, balance) -> {
              Long before = balances(base).get(account);
              Bounds allowed = bounds.getOrDefault(account, none);
              if (before == null) {
                return;
              }
              long change = balance - before;
              if (change < allowed.least || change > allowed.most) {
                List<BankOperation> shown = new ArrayList<>(List.of(base));
                involved.stream()
                    .filter(transfer -> touches(transfer, account))
                    .forEach(shown::add);
                shown.add(read);
                String range = " and transfers allow " + allowed.least + " to " + allowed.most;
                anomalies.add("wrong-balance", account + " changed by " + change + range, shown);
              }
            });
  }

  private static boolean touches(BankOperation operation, String account) {
    BankAction.Transfer transfer = (BankAction.Transfer) operation.action();
    return transfer.from().equals(account) || transfer.to().equals(account);
  }
}
