package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The transfers of an order that is searched: which have a place, and which sets make a change. */
final class BankTransfers {
  private static final int NONE = -1;
  private static final int SETS_MAX = 64; // for one read in one situation
  private static final int FREE_SETS_MAX = 1 << 11; // before the first read
  private static final int SHOWN_MAX = 24;
  private static final int POLL_GAP = 1 << 10; // steps

  /**
   * Where a read may come next.
   *
   * @param limit what is called later stays behind a read without a place, maybe this one
   * @param reached the last call of all that has a place: what was answered before is out of reach
   */
  record Place(Span read, long limit, long reached) {}

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
  private boolean wantsMore;

  BankTransfers(
      List<BankOperation> history, List<String> accounts, Budget budget, Direction direction) {
    this.budget = budget;
    certain = transfers(history, accounts, Status.OK, direction);
    open = transfers(history, accounts, Status.UNKNOWN, direction);
    placed = new boolean[certain.size()];
    used = new long[open.size() / Long.SIZE + 1];
  }

  private static List<BankTransfer> transfers(
      List<BankOperation> history, List<String> accounts, Status status, Direction direction) {
    List<BankOperation> chosen = new ArrayList<>();
    for (BankOperation operation : history) {
      if (operation.status() == status && operation.action() instanceof BankAction.Transfer) {
        chosen.add(operation);
      }
    }
    Comparator<BankOperation> byCall =
        Comparator.comparingLong(operation -> direction.of(operation.span()).called());
    chosen.sort(byCall.thenComparingLong(operation -> direction.of(operation.span()).returned()));
    List<BankTransfer> transfers = new ArrayList<>();
    for (BankOperation operation : chosen) {
      BankAction.Transfer action = (BankAction.Transfer) operation.action();
      int from = accounts.indexOf(action.from());
      int to = accounts.indexOf(action.to());
      if (from >= 0 && to >= 0) {
        int number = transfers.size();
        Span span = direction.of(operation.span());
        transfers.add(
            switch (direction) {
              case FORWARDS -> new BankTransfer(number, operation, span, from, to, action.amount());
              case BACKWARDS ->
                  new BankTransfer(number, operation, span, to, from, action.amount());
            });
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

  /** Whether there were more sets than are tried. */
  boolean isIncomplete() {
    return incomplete;
  }

  /** Whether the last {@link #sets} left some out for the transfers of unknown outcome in them. */
  boolean wantsMore() {
    return wantsMore;
  }

  static long unknownCount(List<BankTransfer> set) {
    return set.stream().filter(transfer -> !transfer.isCertain()).count();
  }

  /**
   * Whether a transfer without a place comes before the read or, being of unknown outcome, not at
   * all.
   */
  boolean hasDue(Span read, long reached) {
    return left(read.called(), reached).stream()
        .anyMatch(transfer -> transfer.span().isBefore(read));
  }

  /** The transfers without a place that were called up to a position and are not out of reach. */
  private List<BankTransfer> left(long limit, long reached) {
    List<BankTransfer> left = new ArrayList<>();
    addLeft(left, certain.subList(firstLeft, certain.size()), limit, reached);
    addLeft(left, open, limit, reached);
    return left;
  }

  private void addLeft(
      List<BankTransfer> left, List<BankTransfer> sorted, long limit, long reached) {
    for (BankTransfer transfer : sorted) {
      if (transfer.span().called() > limit) {
        return;
      }
      if (!hasPlace(transfer) && transfer.span().returned() >= reached) {
        left.add(transfer);
      }
    }
  }

  /** How many transfers may or may not stand before a read. */
  int optionalCount(Place place) {
    List<BankTransfer> optional = new ArrayList<>();
    split(place, new ArrayList<>(), optional);
    return optional.size();
  }

  /**
   * The sets that may stand before the first read, whatever the balances were. Those of the ones
   * answered first come first: a read that waited for long has mostly seen all up to a moment.
   */
  List<List<BankTransfer>> freeSets(Place place) {
    List<BankTransfer> due = new ArrayList<>();
    List<BankTransfer> optional = new ArrayList<>();
    split(place, due, optional);
    optional.removeIf(transfer -> !transfer.isCertain());
    List<List<BankTransfer>> sets = new ArrayList<>();
    addAnsweredFirst(sets, due, optional);
    addFreeSets(sets, due, optional, List.of());
    return sets;
  }

  private static void addAnsweredFirst(
      List<List<BankTransfer>> sets, List<BankTransfer> due, List<BankTransfer> optional) {
    List<BankTransfer> all = new ArrayList<>(optional);
    all.sort(Comparator.comparingLong(transfer -> transfer.span().returned()));
    all.addAll(0, due);
    for (int size = all.size(); size > due.size(); size--) {
      sets.add(List.copyOf(all.subList(0, size)));
    }
  }

  /**
   * Adds the set without what is left out and without what was called after an answer of that, and
   * those that leave out one more that was called before.
   */
  private void addFreeSets(
      List<List<BankTransfer>> sets,
      List<BankTransfer> due,
      List<BankTransfer> optional,
      List<BankTransfer> leftOut) {
    steps++;
    if (sets.size() >= FREE_SETS_MAX || isExhausted()) {
      incomplete = true;
      return;
    }
    long firstAnswer = firstAnswer(leftOut);
    List<BankTransfer> set = new ArrayList<>(due);
    for (BankTransfer transfer : optional) {
      if (transfer.span().called() <= firstAnswer && !leftOut.contains(transfer)) {
        set.add(transfer);
      }
    }
    sets.add(set);
    for (int i = set.size() - 1; i >= due.size(); i--) {
      BankTransfer next = set.get(i);
      if (leftOut.stream()
          .allMatch(out -> next.number() < out.number() && !next.span().isBefore(out.span()))) {
        List<BankTransfer> more = new ArrayList<>(leftOut);
        more.add(next);
        addFreeSets(sets, due, optional, more);
      }
    }
  }

  private static long firstAnswer(List<BankTransfer> transfers) {
    return transfers.stream()
        .mapToLong(transfer -> transfer.span().returned())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * The sets that may stand in a place and lead from some balances to those that the read shows,
   * but for larger ones of which a part might as well come later.
   *
   * @param unknown so many of a set are of unknown outcome
   */
  List<List<BankTransfer>> sets(Place place, long[] before, long[] after, int unknown) {
    long[] missing = after.clone();
    for (int account = 0; account < missing.length; account++) {
      missing[account] -= before[account];
    }
    List<BankTransfer> optional = new ArrayList<>();
    SetSearch search = new SetSearch(place.read(), missing, unknown);
    split(place, search.chosen, optional);
    search.chosen.forEach(transfer -> transfer.addTo(missing, -1));
    wantsMore = false;
    search.run(optional, Long.MAX_VALUE);
    return search.sets;
  }

  /** What must come before the read, and what may. */
  private void split(Place place, List<BankTransfer> due, List<BankTransfer> optional) {
    for (BankTransfer transfer : left(place.limit(), place.reached())) {
      boolean isDue = transfer.isCertain() && transfer.span().isBefore(place.read());
      (isDue ? due : optional).add(transfer);
    }
  }

  /** Builds sets: with each transfer those are in it that were answered before its call. */
  private final class SetSearch {
    private final Span read;
    private final long[] missing;
    private final int unknown;
    private final List<BankTransfer> chosen = new ArrayList<>();
    private final List<List<BankTransfer>> sets = new ArrayList<>();

    SetSearch(Span read, long[] missing, int unknown) {
      this.read = read;
      this.missing = missing;
      this.unknown = unknown;
    }

    /**
     * Adds the sets that consist of the chosen ones and some of the optional ones.
     *
     * @param firstAnswer of those that were left out: what was called later is left out too
     */
    void run(List<BankTransfer> optional, long firstAnswer) {
      steps++;
      int account = firstMissing(missing);
      if (account == NONE && unknownCount(chosen) == unknown) {
        sets.add(List.copyOf(chosen));
      }
      long reached = lastCall(read, chosen);
      long answer = firstAnswer;
      List<BankTransfer> rest = new ArrayList<>(optional);
      for (BankTransfer transfer : optional) {
        boolean helps =
            account == NONE
                ? transfer.span().returned() < reached // now or never
                : transfer.touches(account);
        if (!helps) {
          continue;
        }
        if (sets.size() >= SETS_MAX || isExhausted()) {
          incomplete = true;
          wantsMore |= !exhausted;
          return;
        }
        rest.remove(transfer);
        if (transfer.span().called() <= answer && !hasEarlierTwin(transfer, optional)) {
          if (transfer.isCertain() || unknownCount(chosen) < unknown) {
            runWith(transfer, rest, answer);
          } else {
            wantsMore = true;
          }
        }
        if (transfer.isCertain()) {
          answer = Math.min(answer, transfer.span().returned());
        }
      }
    }

    /** The same with one more chosen, and those that must come before it. */
    private void runWith(BankTransfer transfer, List<BankTransfer> optional, long firstAnswer) {
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
      run(rest, firstAnswer);
      added.forEach(more -> more.addTo(missing, 1));
      chosen.subList(size, chosen.size()).clear();
    }
  }

  /** The last call of a read and the transfers before it. */
  static long lastCall(Span read, List<BankTransfer> set) {
    long last = read.called();
    for (BankTransfer transfer : set) {
      last = Math.max(last, transfer.span().called());
    }
    return last;
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
    return NONE;
  }

  /** The read, and the transfers that overlap it. */
  List<BankOperation> around(BankOperation operation, Place place) {
    List<BankOperation> shown = new ArrayList<>();
    for (BankTransfer transfer : left(place.read().returned(), place.reached())) {
      if (shown.size() < SHOWN_MAX) {
        shown.add(transfer.operation());
      }
    }
    shown.add(operation);
    return shown;
  }
}
