package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws linearizable histories of one key: clients take turns at random against a serial store,
 * each operation happening at an instant between its call and its return.
 */
final class RandomKvHistory {
  /**
   * @param clients each of which has one operation under way at a time
   * @param unknownChance that the answer of an operation is lost
   * @param distinctValues of puts and appends; 0 makes all values unique
   * @param kinds to draw from
   */
  record Shape(
      int clients,
      int operations,
      double unknownChance,
      int distinctValues,
      List<KvAction.Kind> kinds) {}

  private static final class Pending {
    final KvAction action;
    final long call;
    boolean applied;
    KvOutput output = KvOutput.NONE;

    Pending(KvAction action, long call) {
      this.action = action;
      this.call = call;
    }
  }

  private final Shape shape;
  private final SplittableRandom random;
  private final SerialKey key = new SerialKey(null);
  private final List<KvOperation> history = new ArrayList<>();
  private final Pending[] pending;
  private final List<Pending> lost = new ArrayList<>();
  private long clock;
  private int begun;

  private RandomKvHistory(Shape shape, long seed) {
    this.shape = shape;
    random = new SplittableRandom(seed);
    pending = new Pending[shape.clients()];
  }

  static List<KvOperation> draw(Shape shape, long seed) {
    return new RandomKvHistory(shape, seed).run();
  }

  private List<KvOperation> run() {
    while (history.size() < shape.operations()) {
      clock++;
      int client = random.nextInt(shape.clients());
      Pending own = pending[client];
      if (own == null) {
        pending[client] = new Pending(drawAction(), clock);
      } else if (!own.applied) {
        step(client, own);
      } else {
        end(client, own);
      }
      applyLost();
    }
    for (int client = 0; client < pending.length; client++) {
      Pending own = pending[client];
      if (own != null) {
        history.add(KvOperation.unknown(client, "k", own.action, own.call));
      }
    }
    return history;
  }

  private void step(int client, Pending own) {
    if (random.nextDouble() < shape.unknownChance()) {
      history.add(KvOperation.unknown(client, "k", own.action, own.call));
      pending[client] = null;
      if (random.nextDouble() < 0.6) {
        lost.add(own);
      }
    } else {
      own.output = key.apply(own.action);
      own.applied = true;
    }
  }

  private void end(int client, Pending own) {
    history.add(KvOperation.ok(client, "k", own.action, own.call, clock, own.output));
    pending[client] = null;
  }

  /** Requests whose answers nobody waits for may still arrive, late. */
  private void applyLost() {
    if (!lost.isEmpty() && random.nextDouble() < 0.2) {
      key.apply(lost.remove(random.nextInt(lost.size())).action);
    }
  }

  private String drawValue() {
    begun++;
    return shape.distinctValues() == 0
        ? "v" + begun + "."
        : Integer.toString(random.nextInt(shape.distinctValues()));
  }

  private KvAction drawAction() {
    KvAction.Kind kind = shape.kinds().get(random.nextInt(shape.kinds().size()));
    return switch (kind) {
      case GET -> new KvAction.Get();
      case PUT -> new KvAction.Put(drawValue());
      case APPEND -> new KvAction.Append(drawValue());
      case DELETE -> new KvAction.Delete();
      case CAS ->
          new KvAction.Cas(random.nextDouble() < 0.8 ? key.value() : drawValue(), drawValue());
      case INCREMENT -> new KvAction.Increment(1 + random.nextInt(3));
    };
  }

  /** The same history with the output of one get replaced by that of another. */
  static List<KvOperation> withSwappedGet(List<KvOperation> history, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> gets = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      KvOperation operation = history.get(i);
      if (operation.status() == Status.OK && operation.action().kind() == KvAction.Kind.GET) {
        gets.add(i);
      }
    }
    List<KvOperation> changed = new ArrayList<>(history);
    if (gets.size() > 1) {
      int at = gets.get(random.nextInt(gets.size()));
      KvOperation get = history.get(at);
      KvOutput other = history.get(gets.get(random.nextInt(gets.size()))).output();
      changed.set(
          at,
          KvOperation.ok(
              get.client(), "k", get.action(), get.callNanos(), get.returnNanos(), other));
    }
    return changed;
  }
}
