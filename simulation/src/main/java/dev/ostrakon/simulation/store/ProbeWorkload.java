package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Draws transactions on keys whose values are known: every kind of condition and of operation, over
 * one group or several, often at the edges of conditions and of numbers.
 */
final class ProbeWorkload {

  private static final int KEYS_MAX = 4;
  private static final int OPERATIONS_MAX = 4;

  private final List<Key> keys;
  private final ReferenceStore known;
  private final RandomSource random;

  ProbeWorkload(List<Key> keys, ReferenceStore known, RandomSource random) {
    this.keys = List.copyOf(keys);
    this.known = known;
    this.random = random;
  }

  Transaction draw() {
    List<Key> chosen = new ArrayList<>();
    while (chosen.isEmpty() || (chosen.size() < KEYS_MAX && random.chance(0.6))) {
      chosen.add(keys.get(random.nextInt(keys.size())));
    }
    boolean isRead = random.chance(0.3);
    List<Condition> conditions = new ArrayList<>();
    while (random.chance(0.45)) {
      drawCondition(anyOf(chosen)).ifPresent(conditions::add);
    }
    List<Operation> otherwise =
        conditions.isEmpty() && random.chance(0.7) ? List.of() : drawBranch(chosen, isRead);
    return new Transaction(conditions, drawBranch(chosen, isRead), otherwise);
  }

  private <T> T anyOf(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private List<Operation> drawBranch(List<Key> chosen, boolean isRead) {
    List<Operation> operations = new ArrayList<>();
    Set<Key> added = new HashSet<>();
    do {
      Key key = anyOf(chosen);
      Operation next = isRead ? new Operation.Get(key) : drawOperation(key);
      // Two adds of one key are judged by their sum first, which may not fit although both do.
      if (!(next instanceof Operation.Add) || added.add(key)) {
        operations.add(next);
      }
    } while (operations.isEmpty() || (operations.size() < OPERATIONS_MAX && random.chance(0.6)));
    return operations;
  }

  private Operation drawOperation(Key key) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Operation.Get(key);
      case 2 -> new Operation.Put(key, Value.utf8(drawText()));
      case 3 -> new Operation.Delete(key);
      case 4 -> new Operation.Append(key, Value.utf8(Integer.toString(random.nextInt(10))));
      default -> new Operation.Add(key, drawDelta(key), random.chance(0.3));
    };
  }

  private String drawText() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.toString(Long.MAX_VALUE);
      case 1 -> Long.toString(Long.MIN_VALUE);
      case 2 -> "x";
      case 3 -> "";
      default -> Integer.toString(random.nextInt(200) - 100);
    };
  }

  /** Mostly so that the sum is the last that fits, or the first that does not. */
  private long drawDelta(Key key) {
    BigInteger number = known.numberOf(key).orElse(BigInteger.ZERO);
    boolean isUp = random.chance(0.5);
    BigInteger edge = (isUp ? ReferenceStore.MAX : ReferenceStore.MIN).subtract(number);
    BigInteger beyond = edge.add(BigInteger.valueOf(isUp ? 1 : -1));
    BigInteger small = BigInteger.valueOf(random.nextInt(7) - 3L);
    BigInteger drawn = List.of(edge, beyond, small).get(random.nextInt(3));
    return ReferenceStore.fits(drawn) ? drawn.longValueExact() : small.longValueExact();
  }

  private Optional<Condition> drawCondition(Key key) {
    return switch (random.nextInt(6)) {
      case 0 -> Optional.of(new Condition.Exists(key));
      case 1 -> Optional.of(new Condition.Missing(key));
      case 2 -> Optional.of(new Condition.ValueIs(key, drawComparand(key)));
      case 3 -> Optional.of(new Condition.ValueIsNot(key, drawComparand(key)));
      case 4 -> known.versionOf(key).map(version -> new Condition.VersionIs(key, version));
      default -> Optional.of(drawNumberIs(key));
    };
  }

  private Value drawComparand(Key key) {
    return Value.utf8(random.chance(0.7) ? known.valueOf(key).orElse("1") : "1");
  }

  /** With the number itself or one of its neighbours. */
  private Condition drawNumberIs(Key key) {
    Condition.Comparison[] all = Condition.Comparison.values();
    BigInteger bound =
        known
            .numberOf(key)
            .orElse(BigInteger.ZERO)
            .add(BigInteger.valueOf(random.nextInt(3) - 1L))
            .max(ReferenceStore.MIN)
            .min(ReferenceStore.MAX);
    return new Condition.NumberIs(key, all[random.nextInt(all.length)], bound.longValueExact());
  }
}
