package dev.ostrakon.simulation.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * Searches for one order of all transfers and reads of the whole bank that explains every read and
 * keeps the order of real time. The balances before the first read are free. Whether the money for
 * a transfer was there is not asked.
 *
 * <p>Used once, by one thread.
 */
final class BankOrder {
  /* The search

  Transfers say nothing, so an order is a sequence of reads with a set of transfers before each. The
  sum of the set is what the read differs from the one before, which leaves few sets if amounts
  differ. Depth first over reads and sets, the sets with the fewest transfers of unknown outcome
  first. A read that may come next and shows the balances as they are is placed at once: it changes
  nothing. A situation is not entered twice, nor one that has only used up more.
  */

  private static final int NONE = -1;
  private static final int UNKNOWN_MAX = 10; // transfers of unknown outcome before one read

  /** A read placed, and the transfers before it. */
  private record Choice(int read, List<BankTransfer> transfers) {}

  /** A situation: what was chosen to come to it, and what is left to try from it. */
  private static final class Level {
    final Choice choice;
    final long[] balancesBefore;
    final boolean forced;
    final ArrayDeque<Choice> left = new ArrayDeque<>();
    int stage = NONE;

    Level(Choice choice, long[] balancesBefore, boolean forced) {
      this.choice = choice;
      this.balancesBefore = balancesBefore;
      this.forced = forced;
    }
  }

  private final List<BankOperation> reads;
  private final long[][] found;
  private final long longestRead;
  private final boolean[] readPlaced;
  private final BankTransfers transfers;
  private final Budget budget;
  private final Configurations seen = new Configurations();
  private final ArrayDeque<Level> path = new ArrayDeque<>();
  private long[] balances = {};
  private int placedCount;
  private int firstLeft;
  private long readsHigh;
  private long readsLow;
  private int mostPlaced = NONE;
  private List<BankOperation> stuck = List.of();

  /**
   * @param history whose ok reads all show the same accounts
   */
  BankOrder(List<BankOperation> history, Budget budget) {
    this.budget = budget;
    reads = new ArrayList<>();
    for (BankOperation operation : history) {
      if (operation.status() == Status.OK && operation.action() instanceof BankAction.ReadAll) {
        reads.add(operation);
      }
    }
    reads.sort(Comparator.comparingLong(read -> read.span().returned()));
    readPlaced = new boolean[reads.size()];
    longestRead =
        reads.stream()
            .mapToLong(read -> read.span().returned() - read.span().called())
            .max()
            .orElse(0);
    List<String> accounts =
        reads.isEmpty() ? List.of() : List.copyOf(balancesOf(reads.get(0)).keySet());
    found = new long[reads.size()][];
    for (int i = 0; i < found.length; i++) {
      found[i] = balancesOf(reads.get(i)).values().stream().mapToLong(Long::longValue).toArray();
    }
    transfers = new BankTransfers(history, accounts, budget);
  }

  private static SortedMap<String, Long> balancesOf(BankOperation read) {
    return ((BankAction.ReadAll) read.action()).balances();
  }

  Verdict run() {
    Level level = new Level(new Choice(NONE, List.of()), balances, false);
    while (placedCount < reads.size()) {
      if (transfers.isExhausted() || budget.expired().getAsBoolean()) {
        return Verdict.UNDECIDED;
      }
      if (level.stage == NONE) {
        int free = freeRead();
        if (free != NONE) {
          level = enter(level, new Choice(free, List.of()), true);
          continue;
        }
      }
      while (level.left.isEmpty() && level.stage < UNKNOWN_MAX) {
        level.stage++;
        expand(level);
      }
      Choice next = level.left.poll();
      if (next == null) {
        noteStuck();
        if (path.isEmpty()) {
          return transfers.isIncomplete(UNKNOWN_MAX) ? Verdict.UNDECIDED : Verdict.INVALID;
        }
        level = leave(level);
      } else {
        level = enter(level, next, false);
        if (!isNew()) {
          level = leave(level);
        }
      }
    }
    return Verdict.VALID;
  }

  /** The read that could not be placed, those around it, and the transfers that might matter. */
  List<BankOperation> stuck() {
    return stuck;
  }

  private Level enter(Level from, Choice choice, boolean forced) {
    path.push(from);
    Level level = new Level(choice, balances, forced);
    transfers.place(choice.transfers());
    setPlaced(choice.read(), true);
    balances = found[choice.read()];
    return level;
  }

  /** Takes back the choice that led here, and all that it followed from by force. */
  private Level leave(Level level) {
    Level gone = level;
    while (true) {
      transfers.remove(gone.choice.transfers());
      setPlaced(gone.choice.read(), false);
      balances = gone.balancesBefore;
      Level before = path.pop();
      if (!gone.forced || path.isEmpty()) {
        return before;
      }
      gone = before;
    }
  }

  private void setPlaced(int read, boolean placed) {
    readPlaced[read] = placed;
    placedCount += placed ? 1 : -1;
    readsHigh ^= Configurations.mix(2L * read);
    readsLow ^= Configurations.mix(~(2L * read));
    if (placed) {
      while (firstLeft < readPlaced.length && readPlaced[firstLeft]) {
        firstLeft++;
      }
    } else {
      firstLeft = Math.min(firstLeft, read);
    }
  }

  private boolean isNew() {
    return seen.add(
        readsHigh ^ transfers.high(), readsLow ^ transfers.low(), transfers.used(), false);
  }

  /** The reads that no read without a place was answered before. */
  private List<Integer> nextReads() {
    List<Integer> next = new ArrayList<>();
    long limit = reads.get(firstLeft).span().returned();
    for (int i = firstLeft; i < reads.size(); i++) {
      Span span = reads.get(i).span();
      if (span.returned() - longestRead > limit) {
        break;
      }
      if (!readPlaced[i] && span.called() <= limit) {
        next.add(i);
      }
    }
    return next;
  }

  /** A read that may come next and shows the balances as they are. */
  private int freeRead() {
    if (placedCount == 0) {
      return NONE;
    }
    for (int read : nextReads()) {
      if (Arrays.equals(found[read], balances) && !transfers.hasDue(reads.get(read).span())) {
        return read;
      }
    }
    return NONE;
  }

  private void expand(Level level) {
    long limit = reads.get(firstLeft).span().returned();
    for (int read : nextReads()) {
      Span span = reads.get(read).span();
      List<List<BankTransfer>> sets =
          placedCount == 0
              ? level.stage > 0 ? List.of() : transfers.freeSets(span, limit)
              : transfers.sets(span, limit, balances, found[read], level.stage);
      sets.forEach(set -> level.left.add(new Choice(read, set)));
    }
  }

  private void noteStuck() {
    if (placedCount > mostPlaced) {
      mostPlaced = placedCount;
      stuck = transfers.around(reads.get(firstLeft));
    }
  }
}
