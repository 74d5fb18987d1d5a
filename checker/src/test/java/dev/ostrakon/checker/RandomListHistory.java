package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws strictly serializable histories from a serial store, which end with a read of every list,
 * and changes them.
 */
final class RandomListHistory {
  private static final int STEPS_MAX = 3;
  private static final int KEY_LENGTH_MAX = 100;

  private static final class Pending {
    final long called;
    List<Step> steps = List.of();

    Pending(long called) {
      this.called = called;
    }
  }

  private final SplittableRandom random;
  private final int clients;
  private final int keys;
  private final SerialLists lists = new SerialLists();
  private final List<TxnOperation> history = new ArrayList<>();
  private long clock;
  private long lastElement;

  RandomListHistory(long seed, int clients, int keys) {
    random = new SplittableRandom(seed);
    this.clients = clients;
    this.keys = keys;
  }

  List<TxnOperation> draw(int count) {
    Pending[] pending = new Pending[clients];
    while (history.size() < count) {
      int client = random.nextInt(clients);
      Pending own = pending[client];
      clock++;
      if (own == null) {
        pending[client] = new Pending(clock);
      } else if (own.steps.isEmpty()) {
        own.steps = drawSteps();
      } else {
        end(client, own);
        pending[client] = null;
      }
    }
    for (int client = 0; client < clients; client++) {
      Pending own = pending[client];
      if (own != null && !own.steps.isEmpty()) {
        end(client, own);
      }
    }
    List<Step> reads = new ArrayList<>();
    for (int key = 0; key < keys; key++) {
      reads.add(new Step.Read("k" + key, lists.read("k" + key)));
    }
    history.add(new TxnOperation(new Span(0, clock + 1, clock + 2), Status.OK, reads));
    return history;
  }

  private List<Step> drawSteps() {
    List<Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(STEPS_MAX);
    for (int i = 0; i < count; i++) {
      String key = "k" + random.nextInt(keys);
      if (random.nextDouble() < 0.5 && lists.read(key).size() < KEY_LENGTH_MAX) {
        lists.append(key, ++lastElement);
        steps.add(new Step.Append(key, lastElement));
      } else {
        steps.add(new Step.Read(key, lists.read(key)));
      }
    }
    return steps;
  }

  private void end(int client, Pending own) {
    boolean lost = random.nextDouble() < 0.1;
    history.add(
        new TxnOperation(
            new Span(client, own.called, lost ? Span.NEVER : clock),
            lost ? Status.UNKNOWN : Status.OK,
            own.steps));
  }

  /** The same history with one read shortened, reordered or exchanged, or one answer lost. */
  List<TxnOperation> mutate(List<TxnOperation> sound) {
    List<TxnOperation> changed = new ArrayList<>(sound);
    int at = random.nextInt(changed.size());
    TxnOperation operation = changed.get(at);
    if (operation.status() != Status.OK) {
      return changed;
    }
    int draw = random.nextInt(8);
    List<Step> steps = new ArrayList<>(operation.steps());
    int index = random.nextInt(steps.size());
    if (draw == 0) {
      changed.set(at, new TxnOperation(operation.span(), Status.FAIL, steps));
    } else if (steps.get(index) instanceof Step.Read read) {
      steps.set(index, new Step.Read(read.key(), mutate(read, draw)));
      changed.set(at, new TxnOperation(operation.span(), Status.OK, steps));
    } else if (draw < 4) {
      steps.remove(index);
      changed.set(at, new TxnOperation(operation.span(), Status.OK, steps));
    }
    return changed;
  }

  private Elements mutate(Step.Read read, int draw) {
    List<Long> elements = new ArrayList<>();
    for (int i = 0; i < read.found().size(); i++) {
      elements.add(read.found().at(i));
    }
    if (draw < 4 && !elements.isEmpty()) {
      elements.remove(elements.size() - 1);
    } else if (draw < 6 && elements.size() > 1) {
      Collections.swap(elements, 0, elements.size() - 1);
    } else {
      elements.add(1L + random.nextInt((int) lastElement + 1));
    }
    return Elements.of(elements.stream().mapToLong(Long::longValue).toArray());
  }

  /** The same history with the last read of many elements, in the midst of it, two behind. */
  List<TxnOperation> withStaleRead(List<TxnOperation> sound) {
    List<TxnOperation> changed = new ArrayList<>(sound);
    for (int at = sound.size() * 9 / 10; at > 0; at--) {
      TxnOperation operation = sound.get(at);
      if (operation.status() == Status.OK
          && operation.steps().size() == 1
          && operation.steps().get(0) instanceof Step.Read read
          && read.found().size() > 20) {
        Step stale = new Step.Read(read.key(), read.found().first(read.found().size() - 12));
        changed.set(at, new TxnOperation(operation.span(), Status.OK, List.of(stale)));
        return changed;
      }
    }
    throw new IllegalStateException("no read is long enough");
  }
}
