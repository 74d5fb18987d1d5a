package dev.ostrakon.simulation.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The transfers of an order that is searched: which have a place, and which sets make a change. */
final class BankTransfers {
  private static final int SETS_MAX = 64; // for one read in one situation
  private static final int FREE_MAX = 10; // transfers under way at the first read
  private static final int SHOWN_MAX = 24;
  private static final int POLL_GAP = 1 << 10; // steps

  /** By their calls, both. */
  private final List<BankTransfer> certain;

  private final List<BankTransfer> open;
  private final boolean[] placed;
  private final Budget budget;
  private long[] used;
  private int firstLeft;
  private long high;
  private long low;
  private long steps;
  private boolean incomplete;
  private boolean exhausted;

  /** Sets with so many transfers of unknown outcome are searched. */
  private int wantedUnknown;

  BankTransfers(List<BankOperation> history, List<String> accounts, Budget budget) {
    this.budget = budget;
    certain = transfers(history, accounts, Status.OK);
    open = transfers(history, accounts, Status.UNKNOWN);
    placed = new boolean[certain.size()];
    used = new long[open.size() / Long.SIZE + 1];
  }

  private static List<BankTransfer> transfers(
      List<BankOperation> history, List<String> accounts, Status status) {
    List<BankOperation> chosen = new ArrayList<>();
    for (BankOperation operation : history) {
      if (operation.status() == status && operation.action() instanceof BankAction.Transfer) {
        chosen.add(operation);
      }
    }
    chosen.sort(Comparator.comparingLong(operation -> operation.span().called()));
    List<BankTransfer> transfers = new ArrayList<>();
    for (BankOperation operation : chosen) {
      BankAction.Transfer action = (BankAction.Transfer) operation.action();
      int from = accounts.indexOf(action.from());
      int to = accounts.indexOf(action.to());
      if (from >= 0 && to >= 0) {
        transfers.add(new BankTransfer(transfers.size(), operation, from, to, action.amount()));
      }
    }
    return transfers;
  }

  void place(List<BankTransfer> set) {
    set.forEach(transfer -> setPlaced(transfer, true));
    while (firstLeft < placed.length && placed[firstLeft]) {
      firstLeft++;
    }
  }

  void remove(List<BankTransfer> set) {
    set.forEach(transfer -> setPlaced(transfer, false));
  }

  private void setPlaced(BankTransfer transfer, boolean now) {
    int number = transfer.number();
    if (transfer.isCertain()) {
      placed[number] = now;
      high ^= Configurations.mix(~(2L * number + 1));
      low ^= Configurations.mix(2L * number + 1);
      firstLeft = now ? firstLeft : Math.min(firstLeft, number);
    } else {
      used = used.clone();
      used[number / Long.SIZE] ^= 1L << number;
    }
  }

  /** One half of the fingerprint of the certain transfers that have a place. */
  long high() {
    return high;
  }

  /** The other half. */
  long low() {
    return low;
  }

  /** The transfers of unknown outcome that have a place; never changed, only replaced. */
  long[] used() {
    return used;
  }

  private boolean hasPlace(BankTransfer transfer) {
    int number = transfer.number();
    return transfer.isCertain() ? placed[number] : (used[number / Long.SIZE] & (1L << number)) != 0;
  }

  /** Whether the budget has ended. */
  boolean isExhausted() {
    if (steps > budget.steps() || (steps % POLL_GAP == 0 && budget.expired().getAsBoolean())) {
      exhausted = true;
    }
    return exhausted;
  }

  /** Whether some sets were never looked at, given how many unknown outcomes they could have. */
  boolean isIncomplete(int unknownMax) {
    return incomplete || open.size() > unknownMax;
  }

  static long unknownCount(List<BankTransfer> set) {
    return set.stream().filter(transfer -> !transfer.isCertain()).count();
  }

  /** Whether a transfer without a place must come before the read. */
  boolean hasDue(Span read) {
    return left(read.called()).stream()
        .anyMatch(transfer -> transfer.isCertain() && transfer.span().isBefore(read));
  }

  /** The transfers without a place that were called up to a position. */
  private List<BankTransfer> left(long limit) {
    List<BankTransfer> left = new ArrayList<>();
    addLeft(left, certain.subList(firstLeft, certain.size()), limit);
    addLeft(left, open, limit);
    return left;
  }

  private void addLeft(List<BankTransfer> left, List<BankTransfer> sorted, long limit) {
    for (BankTransfer transfer : sorted) {
      if (transfer.span().called() > limit) {
        return;
      }
      if (!hasPlace(transfer)) {
        left.add(transfer);
      }
    }
  }

  /** The sets that may stand before the first read, whatever the balances were. */
  List<List<BankTransfer>> freeSets(Span read, long limit) {
    List<BankTransfer> due = new ArrayList<>();
    List<BankTransfer> optional = new ArrayList<>();
    split(read, limit, due, optional);
    optional.removeIf(transfer -> !transfer.isCertain());
    List<List<BankTransfer>> sets = new ArrayList<>();
    if (optional.size() > FREE_MAX) {
      incomplete = true;
      addAnsweredFirst(sets, due, optional, limit);
      optional.subList(FREE_MAX, optional.size()).clear();
    }
    for (int bits = 0; bits < 1 << optional.size(); bits++) {
      List<BankTransfer> set = new ArrayList<>(due);
      for (int i = 0; i < optional.size(); i++) {
        if ((bits & (1 << i)) != 0) {
          set.add(optional.get(i));
        }
      }
      if (isClosed(set, limit)) {
        sets.add(set);
      }
    }
    return sets;
  }

  /**
   * Too many to try all of their sets: adds those of them that were answered first, most before
   * fewer. A read that waited for long has mostly seen all, or all up to a moment.
   */
  private void addAnsweredFirst(
      List<List<BankTransfer>> sets,
      List<BankTransfer> due,
      List<BankTransfer> optional,
      long limit) {
    List<BankTransfer> set = new ArrayList<>(optional);
    set.sort(Comparator.comparingLong(transfer -> transfer.span().returned()));
    while (set.size() > FREE_MAX) {
      List<BankTransfer> both = new ArrayList<>(due);
      both.addAll(set);
      if (isClosed(both, limit)) {
        sets.add(both);
      }
      set.remove(set.size() - 1);
    }
  }

  /**
   * The sets that may stand before a read and lead from some balances to those that it shows.
   *
   * @param unknown so many of a set are of unknown outcome
   */
  List<List<BankTransfer>> sets(Span read, long limit, long[] before, long[] after, int unknown) {
    wantedUnknown = unknown;
    List<BankTransfer> due = new ArrayList<>();
    List<BankTransfer> optional = new ArrayList<>();
    split(read, limit, due, optional);
    long[] missing = after.clone();
    for (int account = 0; account < missing.length; account++) {
      missing[account] -= before[account];
    }
    due.forEach(transfer -> transfer.addTo(missing, -1));
    List<List<BankTransfer>> sets = new ArrayList<>();
    search(sets, due, optional, missing, limit);
    return sets;
  }

  private void split(Span read, long limit, List<BankTransfer> due, List<BankTransfer> optional) {
    for (BankTransfer transfer : left(limit)) {
      (transfer.span().isBefore(read) ? due : optional).add(transfer);
    }
  }

  /** Adds sets that consist of the chosen ones and some of the optional ones. */
  private void search(
      List<List<BankTransfer>> sets,
      List<BankTransfer> chosen,
      List<BankTransfer> optional,
      long[] missing,
      long limit) {
    steps++;
    int account = firstMissing(missing);
    if (account < 0) {
      if (unknownCount(chosen) == wantedUnknown && isClosed(chosen, limit)) {
        sets.add(List.copyOf(chosen));
      }
      return;
    }
    List<BankTransfer> rest = new ArrayList<>(optional);
    for (BankTransfer transfer : optional) {
      if (!transfer.touches(account)) {
        continue;
      }
      if (sets.size() >= SETS_MAX || isExhausted()) {
        incomplete = true;
        return;
      }
      rest.remove(transfer);
      boolean tooMany = !transfer.isCertain() && unknownCount(chosen) >= wantedUnknown;
      if (!tooMany && !hasEarlierTwin(transfer, optional)) {
        searchWith(transfer, sets, chosen, rest, missing, limit);
      }
    }
  }

  /** The same with one more chosen, and those that must come before it. */
  private void searchWith(
      BankTransfer transfer,
      List<List<BankTransfer>> sets,
      List<BankTransfer> chosen,
      List<BankTransfer> optional,
      long[] missing,
      long limit) {
    int size = chosen.size();
    List<BankTransfer> rest = new ArrayList<>(optional);
    chosen.add(transfer);
    for (BankTransfer earlier : optional) {
      if (earlier.isCertain() && earlier.span().isBefore(transfer.span())) {
        chosen.add(earlier);
        rest.remove(earlier);
      }
    }
    List<BankTransfer> added = List.copyOf(chosen.subList(size, chosen.size()));
    added.forEach(more -> more.addTo(missing, -1));
    search(sets, chosen, rest, missing, limit);
    added.forEach(more -> more.addTo(missing, 1));
    chosen.subList(size, chosen.size()).clear();
  }

  /** Of transfers of unknown outcome that do the same the earliest serves as well as any. */
  private static boolean hasEarlierTwin(BankTransfer transfer, List<BankTransfer> optional) {
    return !transfer.isCertain()
        && optional.stream()
            .anyMatch(
                other ->
                    !other.isCertain()
                        && other.number() < transfer.number()
                        && other.isTwinOf(transfer));
  }

  private static int firstMissing(long[] missing) {
    for (int account = 0; account < missing.length; account++) {
      if (missing[account] != 0) {
        return account;
      }
    }
    return -1;
  }

  /** Whether with each transfer of a set those are in it that were answered before its call. */
  private boolean isClosed(List<BankTransfer> set, long limit) {
    long lastCall =
        set.stream().mapToLong(transfer -> transfer.span().called()).max().orElse(Long.MIN_VALUE);
    for (BankTransfer transfer : left(limit)) {
      if (transfer.isCertain()
          && transfer.span().returned() < lastCall
          && !set.contains(transfer)) {
        return false;
      }
    }
    return true;
  }

  /** The read, and the transfers that overlap it. */
  List<BankOperation> around(BankOperation read) {
    List<BankOperation> shown = new ArrayList<>();
    for (BankTransfer transfer : left(read.span().returned())) {
      if (shown.size() < SHOWN_MAX) {
        shown.add(transfer.operation());
      }
    }
    shown.add(read);
    return shown;
  }
}
