package dev.ostrakon.simulation.store;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.store.StoreCall.Kind;
import dev.ostrakon.simulation.store.StoreCall.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws what clients want: mostly on few keys, so that they meet. */
final class StoreWorkload {

  /** Money of an account at first. */
  static final long BALANCE = 100;

  private static final int NUMBERS = 5;
  private static final long LARGE = 1L << 60; // Eight of these do not fit into 64 bits.

  private final StoreProfile profile;
  private final StoreKeys keys;
  private final RandomSource random;
  private final MirrorWorkload mirrors;
  private final Map<Key, OperationResult> seen = new HashMap<>();
  private final double weightSum;
  private boolean isFunded;
  private long element;

  StoreWorkload(StoreProfile profile, StoreKeys keys, RandomSource random) {
    this.profile = profile;
    this.keys = keys;
    this.random = random;
    this.mirrors = new MirrorWorkload(keys, profile.reads(), random.fork("mirrors"));
    this.weightSum = profile.weights().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What a client wants next. */
  StoreCall draw(int process, long called) {
    Kind kind = drawKind();
    if (kind == Kind.BANK) {
      return drawBank(process, called);
    } else if (kind == Kind.MIRRORS) {
      return mirrors.draw(process, called);
    }
    boolean several = keys.groups().size() > 1 && random.chance(profile.several());
    List<Integer> groups = drawGroups(several ? 2 + random.nextInt(2) : 1);
    boolean reads = random.chance(profile.reads());
    if (kind == Kind.LISTS && reads && !several && random.chance(profile.scans())) {
      return scan(process, called, groups.get(0));
    }
    Way way = reads && random.chance(0.9) ? Way.READ : Way.REQUEST;
    int group = several ? StoreCall.SEVERAL : groups.get(0);
    return new StoreCall(process, called, way, group, kind, drawTransaction(kind, groups, reads));
  }

  private Kind drawKind() {
    double drawn = random.nextDouble() * weightSum;
    for (Kind kind : Kind.values()) {
      drawn -= profile.weights().getOrDefault(kind, 0.0);
      if (drawn < 0) {
        return kind;
      }
    }
    return Kind.LISTS;
  }

  private List<Integer> drawGroups(int count) {
    List<Integer> left = new ArrayList<>(keys.groups());
    List<Integer> groups = new ArrayList<>();
    while (groups.size() < count && !left.isEmpty()) {
      groups.add(left.remove(random.nextInt(left.size())));
    }
    return groups;
  }

  private Transaction drawTransaction(Kind kind, List<Integer> groups, boolean reads) {
    List<Key> chosen = new ArrayList<>();
    groups.forEach(group -> chosen.add(anyOf(keys.of(kind, group))));
    if (reads) {
      return plainReads(chosen);
    }
    return switch (kind) {
      case LISTS -> drawOnLists(chosen, groups);
      case REGISTERS -> drawOnRegisters(chosen);
      case COUNTERS -> drawOnCounters(chosen);
      case BANK, MIRRORS -> throw new IllegalArgumentException(kind + " are drawn as a whole");
    };
  }

  private Key anyOf(List<Key> some) {
    return some.get(random.nextInt(some.size()));
  }

  private static Transaction plainReads(List<Key> keys) {
    return Transaction.of(keys.stream().<Operation>map(Operation.Get::new).toList());
  }

  private Transaction drawOnLists(List<Key> chosen, List<Integer> groups) {
    List<Key> touched = new ArrayList<>(chosen);
    while (random.chance(0.3)) {
      touched.add(anyOf(keys.of(Kind.LISTS, groups.get(random.nextInt(groups.size())))));
    }
    List<Operation> operations = new ArrayList<>();
    for (Key key : touched) {
      boolean both = random.chance(0.3);
      if (both || random.chance(0.3)) {
        operations.add(new Operation.Get(key));
      }
      if (both || operations.isEmpty() || random.chance(0.7)) {
        operations.add(append(key));
      }
    }
    return random.chance(profile.conditions())
        ? interactive(chosen, operations)
        : Transaction.of(operations);
  }

  private Operation append(Key key) {
    element++;
    return new Operation.Append(key, Value.utf8(" " + element));
  }

  /**
   * As an interactive transaction is committed: only if the lists are still what somebody has read;
   * otherwise they are read again.
   */
  private Transaction interactive(List<Key> chosen, List<Operation> operations) {
    List<Condition> conditions = new ArrayList<>();
    for (Key key : chosen) {
      if (conditions.isEmpty() || random.chance(0.5)) {
        conditions.add(unchanged(key));
      }
    }
    return new Transaction(conditions, operations, plainReads(chosen).then());
  }

  private Condition unchanged(Key key) {
    boolean byVersion = random.chance(0.7);
    if (seen.get(key) instanceof OperationResult.Present last) {
      return byVersion
          ? new Condition.VersionIs(key, last.version())
          : new Condition.ValueIs(key, last.value());
    }
    return byVersion
        ? new Condition.VersionIs(key, HybridTimestamp.ZERO)
        : new Condition.Missing(key);
  }

  /** Takes note of what lists were like. */
  void onRead(StoreCall call, RequestOutcome.Committed committed) {
    List<Operation> operations = StoreHistory.carriedOut(call, committed.branch());
    for (int i = 0; i < committed.results().size(); i++) {
      if (operations.get(i) instanceof Operation.Get get
          && StoreHistory.isUntouched(operations.subList(0, i), get.key())) {
        seen.put(get.key(), committed.results().get(i));
        if (call.kind() == Kind.MIRRORS) {
          mirrors.onRead(committed.results().get(i));
        }
      }
    }
  }

  private String number() {
    return Integer.toString(random.nextInt(NUMBERS));
  }

  private Transaction drawOnRegisters(List<Key> chosen) {
    if (chosen.size() > 1) {
      List<Operation> operations = new ArrayList<>();
      chosen.forEach(key -> operations.add(change(key)));
      return Transaction.of(operations);
    }
    Key key = chosen.get(0);
    return switch (random.nextInt(6)) {
      case 0 -> compareAndSet(key);
      case 1, 2 -> Transaction.of(List.of(change(key)));
      default -> Transaction.of(List.of(new Operation.Add(key, 1 + random.nextInt(3), true)));
    };
  }

  private Operation change(Key key) {
    return switch (random.nextInt(4)) {
      case 0 -> new Operation.Delete(key);
      case 1 -> new Operation.Append(key, Value.utf8(number()));
      default -> new Operation.Put(key, Value.utf8(number()));
    };
  }

  private Transaction compareAndSet(Key key) {
    Condition condition =
        random.chance(0.3)
            ? new Condition.Missing(key)
            : new Condition.ValueIs(key, Value.utf8(number()));
    Operation put = new Operation.Put(key, Value.utf8(number()));
    return new Transaction(List.of(condition), List.of(put), List.of());
  }

  private Transaction drawOnCounters(List<Key> chosen) {
    List<Operation> operations = new ArrayList<>();
    for (Key key : chosen) {
      long delta = LARGE * (1 + random.nextInt(6)) * (random.chance(0.5) ? 1 : -1);
      operations.add(new Operation.Add(key, delta, false));
    }
    return Transaction.of(operations);
  }

  private StoreCall drawBank(int process, long called) {
    List<Key> accounts = keys.of(Kind.BANK);
    int owner = keys.groups().size() == 1 ? keys.groups().get(0) : StoreCall.SEVERAL;
    if (!isFunded) {
      return new StoreCall(process, called, Way.REQUEST, owner, Kind.BANK, funding(accounts));
    } else if (random.chance(profile.reads()) || accounts.size() < 2) {
      return readBank(process, called, random.chance(0.9) ? Way.READ : Way.REQUEST);
    }
    Key from = anyOf(accounts);
    Key to = anyOf(accounts);
    while (to.equals(from)) {
      to = anyOf(accounts);
    }
    long amount = 1L + random.nextInt((int) BALANCE);
    boolean wantsValue = random.chance(0.3);
    List<Operation> otherwise =
        random.chance(0.5) ? List.of(new Operation.Get(from)) : List.of(); // Shows why not.
    Transaction transfer =
        new Transaction(
            List.of(new Condition.NumberIs(from, Condition.Comparison.GREATER_OR_EQUAL, amount)),
            List.of(
                new Operation.Add(from, -amount, wantsValue),
                new Operation.Add(to, amount, wantsValue)),
            otherwise);
    return new StoreCall(process, called, Way.REQUEST, ownerOf(from, to), Kind.BANK, transfer);
  }

  private int ownerOf(Key one, Key other) {
    for (int group : keys.groups()) {
      if (keys.of(Kind.BANK, group).contains(one) && keys.of(Kind.BANK, group).contains(other)) {
        return group;
      }
    }
    return StoreCall.SEVERAL;
  }

  /** Puts the money in, unless it is there; the bank opens when this has ended. */
  private static Transaction funding(List<Key> accounts) {
    List<Operation> puts = new ArrayList<>();
    accounts.forEach(key -> puts.add(new Operation.Put(key, Value.utf8("" + BALANCE))));
    return new Transaction(List.of(new Condition.Missing(accounts.get(0))), puts, List.of());
  }

  /** The money is in. */
  void onFunded() {
    isFunded = true;
  }

  boolean isFunded() {
    return isFunded;
  }

  /** Reads all accounts at once. */
  StoreCall readBank(int process, long called, Way way) {
    int owner = keys.groups().size() == 1 ? keys.groups().get(0) : StoreCall.SEVERAL;
    return new StoreCall(process, called, way, owner, Kind.BANK, plainReads(keys.of(Kind.BANK)));
  }

  /** Reads all mirrors at once. */
  StoreCall readMirrors(int process, long called) {
    Transaction all = plainReads(mirrors.keys());
    return new StoreCall(process, called, Way.READ, mirrors.owner(), Kind.MIRRORS, all);
  }

  /** Reads all keys of a kind of a group. */
  StoreCall readAll(int process, long called, int group, Kind kind) {
    return new StoreCall(process, called, Way.READ, group, kind, plainReads(keys.of(kind, group)));
  }

  private StoreCall scan(int process, long called, int group) {
    return new StoreCall(
        process, called, Way.SCAN, group, Kind.LISTS, plainReads(keys.of(Kind.LISTS, group)));
  }
}
