package dev.ostrakon.checker;

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
  nothing. A situation is not entered twice, nor one that has only used up more. Balances are a part
  of it: reads in another order can leave others behind.

  Sets are searched only up to the right change: what changes nothing on top of it may as well come
  before the next read.

  Two directions

  The balances before the first read are free, so all sets of transfers that overlap it have to be
  tried. Histories mostly end in quiet, so the search goes backwards if less is open at the last
  read. Backwards is the same search on reversed spans. Only transfers of unknown outcome differ:
  forwards they are within reach from their call on and for ever, backwards from the beginning until
  something has a place that was answered before their call. So a read, or a transfer of a set, may
  be the last chance of one. Then the read is not placed at once, and sets are searched in which
  such a transfer comes on top of the right change. Many unknown outcomes are harder backwards, so
  each direction is tried if the other one gives up.

  Widening

  A node that was away can let a dozen transfers of unknown outcome happen at once when it is back.
  But to look for as many in every dead end takes too long. So no set may have more than a few at
  first, and twice as many each time that this keeps an order from being found.
  */

  private static final int NONE = -1;
  private static final int FIRST_UNKNOWN_MAX = 10;

  /** A read as the search sees it, which goes one way. */
  private record Read(BankOperation operation, Span span) {}

  /** A read placed, and the transfers before it. */
  private record Choice(int read, List<BankTransfer> transfers) {}

  /** A situation: what was chosen to come to it, and what is left to try from it. */
  private static final class Level {
    final Choice choice;
    final long[] balancesBefore;
    final boolean forced;

    /** The last call of all that has a place. */
    final long reached;

    final ArrayDeque<Choice> left = new ArrayDeque<>();
    int stage = NONE;

    /** Whether sets with more transfers of unknown outcome than the stage says were not built. */
    boolean wantsMore = true;

    Level(Choice choice, long[] balancesBefore, boolean forced, long reached) {
      this.choice = choice;
      this.balancesBefore = balancesBefore;
      this.forced = forced;
      this.reached = reached;
    }
  }

  private final Direction direction;

  /** How many transfers of unknown outcome may stand between a read and the one before. */
  private final int unknownMax;

  private final List<Read> reads = new ArrayList<>();
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
  private boolean isCut;
  private Verdict verdict = Verdict.UNDECIDED;
  private int mostPlaced = NONE;
  private List<BankOperation> stuck = List.of();

  /**
   * @param history whose ok reads all show the same accounts
   */
  BankOrder(List<BankOperation> history, Budget budget, Direction direction) {
    this(history, budget, direction, Integer.MAX_VALUE);
  }

  /** As the other one, but with a bound that can keep it from finding an order. */
  BankOrder(List<BankOperation> history, Budget budget, Direction direction, int unknownMax) {
    this.budget = budget;
    this.direction = direction;
    this.unknownMax = unknownMax;
    for (BankOperation operation : history) {
      if (operation.status() == Status.OK && operation.action() instanceof BankAction.ReadAll) {
        reads.add(new Read(operation, direction.of(operation.span())));
      }
    }
    reads.sort(Comparator.comparingLong(read -> read.span().returned()));
    List<String> accounts =
        reads.isEmpty() ? List.of() : List.copyOf(balancesOf(reads.get(0)).keySet());
    found = new long[reads.size()][];
    for (int i = 0; i < found.length; i++) {
      found[i] = balancesOf(reads.get(i)).values().stream().mapToLong(Long::longValue).toArray();
    }
    readPlaced = new boolean[reads.size()];
    longestRead =
        reads.stream()
            .mapToLong(read -> read.span().returned() - read.span().called())
            .max()
            .orElse(0);
    transfers = new BankTransfers(history, accounts, budget, direction);
  }

  private static SortedMap<String, Long> balancesOf(Read read) {
    return ((BankAction.ReadAll) read.operation().action()).balances();
  }

  /**
   * Searches in the direction in which less is open at the first read, and if that gives up in the
   * other one. Each search has the whole budget of steps.
   */
  static BankOrder search(List<BankOperation> history, Budget budget) {
    Direction first = promising(history, budget);
    BankOrder order = widening(history, budget, first);
    return order.verdict == Verdict.UNDECIDED ? widening(history, budget, first.opposite()) : order;
  }

  private static BankOrder widening(
      List<BankOperation> history, Budget budget, Direction direction) {
    int unknownMax = FIRST_UNKNOWN_MAX;
    BankOrder order = new BankOrder(history, budget, direction, unknownMax);
    while (order.run() == Verdict.UNDECIDED && order.isCut && !order.transfers.isExhausted()) {
      unknownMax *= 2;
      order = new BankOrder(history, budget, direction, unknownMax);
    }
    return order;
  }

  private static Direction promising(List<BankOperation> history, Budget budget) {
    BankOrder forwards = new BankOrder(history, budget, Direction.FORWARDS);
    BankOrder backwards = new BankOrder(history, budget, Direction.BACKWARDS);
    return backwards.optionalCount() < forwards.optionalCount()
        ? Direction.BACKWARDS
        : Direction.FORWARDS;
  }

  /** How many transfers may or may not stand before the first read, over all that may be it. */
  private int optionalCount() {
    return reads.isEmpty()
        ? 0
        : nextReads().stream()
            .mapToInt(read -> transfers.optionalCount(place(read, Long.MIN_VALUE)))
            .sum();
  }

  Verdict run() {
    verdict = decide();
    return verdict;
  }

  /** What {@link #run} found. */
  Verdict verdict() {
    return verdict;
  }

  private Verdict decide() {
    Level level = new Level(new Choice(NONE, List.of()), balances, false, Long.MIN_VALUE);
    while (placedCount < reads.size()) {
      if (transfers.isExhausted() || budget.expired().getAsBoolean()) {
        return Verdict.UNDECIDED;
      }
      if (level.stage == NONE) {
        int free = freeRead(level.reached);
        if (free != NONE) {
          level = enter(level, new Choice(free, List.of()), true);
          continue;
        }
      }
      while (level.left.isEmpty() && level.wantsMore && level.stage < unknownMax) {
        level.stage++;
        expand(level);
      }
      Choice next = level.left.poll();
      if (next == null) {
        isCut |= level.wantsMore;
        noteStuck(level.reached);
        if (path.isEmpty()) {
          return isCut || transfers.isIncomplete() ? Verdict.UNDECIDED : Verdict.INVALID;
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

  /** What is wrong with {@link #stuck()} if no order was found. */
  String explanation() {
    return switch (direction) {
      case FORWARDS -> "no order of the transfers explains the last of these";
      case BACKWARDS ->
          "no order of the transfers leads from the last of these to what was read later";
    };
  }

  /** The read that could not be placed, behind the transfers that might matter. */
  List<BankOperation> stuck() {
    return stuck;
  }

  private Level enter(Level from, Choice choice, boolean forced) {
    path.push(from);
    Span read = reads.get(choice.read()).span();
    long lastCall = BankTransfers.lastCall(read, choice.transfers());
    Level level = new Level(choice, balances, forced, Math.max(from.reached, lastCall));
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
    long high = readsHigh ^ transfers.high();
    long low = readsLow ^ transfers.low();
    for (long balance : balances) {
      high = Configurations.mix(high ^ balance);
      low = Configurations.mix(low ^ ~balance);
    }
    return seen.add(high, low, transfers.used(), false);
  }

  /** The reads that no read without a place was answered before. */
  private List<Integer> nextReads() {
    List<Integer> next = new ArrayList<>();
    long limit = reads.get(firstLeft).span().returned();
    for (int i = firstLeft; i < reads.size(); i++) {
      Span span = reads.get(i).span();
      if (span.returned() - limit > longestRead) {
        break;
      }
      if (!readPlaced[i] && span.called() <= limit) {
        next.add(i);
      }
    }
    return next;
  }

  /** A read that may come next and shows the balances as they are. */
  private int freeRead(long reached) {
    if (placedCount == 0) {
      return NONE;
    }
    for (int read : nextReads()) {
      if (Arrays.equals(found[read], balances)
          && !transfers.hasDue(reads.get(read).span(), reached)) {
        return read;
      }
    }
    return NONE;
  }

  private BankTransfers.Place place(int read, long reached) {
    long limit = reads.get(firstLeft).span().returned();
    return new BankTransfers.Place(reads.get(read).span(), limit, reached);
  }

  private void expand(Level level) {
    level.wantsMore = false;
    for (int read : nextReads()) {
      BankTransfers.Place place = place(read, level.reached);
      List<List<BankTransfer>> sets =
          placedCount == 0
              ? transfers.freeSets(place)
              : transfers.sets(place, balances, found[read], level.stage);
      level.wantsMore |= placedCount > 0 && transfers.wantsMore();
      sets.forEach(set -> level.left.add(new Choice(read, set)));
    }
  }

  private void noteStuck(long reached) {
    if (placedCount > mostPlaced) {
      mostPlaced = placedCount;
      stuck = transfers.around(reads.get(firstLeft).operation(), place(firstLeft, reached));
    }
  }
}
