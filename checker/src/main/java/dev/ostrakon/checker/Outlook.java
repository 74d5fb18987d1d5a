package dev.ostrakon.checker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Of the operations on a key that have no place yet: which states they wait for, and which of them
 * could still bring such a state about.
 */
final class Outlook {
  /** Above this many pairs for each operation the producers are not followed. */
  private static final int PAIRS_PER_OPERATION = 16;

  private static final int APPEND_LENGTHS_MAX = 64;
  private static final int[] NONE = {};

  private final KeyModel model;
  private final List<KvOperation> operations;

  /** For each state how many certain operations have to find it. */
  private final int[] awaited;

  /** For each state how many compare-and-sets of unknown outcome would find it. */
  private final int[] wanted;

  /** For each state how many refused compare-and-sets must not find it. */
  private final int[] toBeLeft;

  /** For each state how many operations could leave it; not followed if empty. */
  private final int[] producers;

  /** For each operation the awaited states that it could leave. */
  private final int[][] produced;

  /**
   * @param stateCount of the states that operations name
   * @param followProducers whether what an operation leaves can be told from its value
   */
  Outlook(KeyModel model, List<KvOperation> operations, int stateCount, boolean followProducers) {
    this.model = model;
    this.operations = operations;
    awaited = new int[stateCount];
    wanted = new int[stateCount];
    toBeLeft = new int[stateCount];
    produced = new int[operations.size()][];
    Arrays.fill(produced, NONE);
    for (int i = 0; i < operations.size(); i++) {
      countNeeds(i, 1);
    }
    producers = followProducers && findProducers() ? new int[stateCount] : NONE;
    if (producers.length > 0) {
      for (int[] states : produced) {
        for (int state : states) {
          producers[state]++;
        }
      }
    }
  }

  /** Adds the operation to what is left, or takes it away. */
  void count(int operation, int change) {
    countNeeds(operation, change);
    if (producers.length > 0) {
      for (int state : produced[operation]) {
        producers[state] += change;
      }
    }
  }

  private void countNeeds(int index, int change) {
    KvOperation operation = operations.get(index);
    boolean certain = operation.status() == Status.OK;
    switch (operation.action().kind()) {
      case GET -> awaited[model.valueOf(index)] += change;
      case CAS -> {
        int[] counts = !certain ? wanted : operation.swapped() ? awaited : toBeLeft;
        counts[model.expectOf(index)] += change;
      }
      case PUT, APPEND, DELETE, INCREMENT -> {}
    }
  }

  /** Whether any operation left has to find, or might find, this state. */
  boolean isAwaited(int state) {
    return at(awaited, state) > 0 || at(wanted, state) > 0;
  }

  /** Whether any operation left must not find this state. */
  boolean isToBeLeft(int state) {
    return at(toBeLeft, state) > 0;
  }

  private static int at(int[] counts, int state) {
    return state < counts.length ? counts[state] : 0;
  }

  /** Whether a state is awaited that is not there after the operation and cannot come any more. */
  boolean isHopeless(int operation, int before, int after) {
    if (producers.length == 0) {
      return false;
    }
    if (before != after && isLost(before)) {
      return true;
    }
    for (int state : produced[operation]) {
      if (state != after && isLost(state)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLost(int state) {
    return at(awaited, state) > 0 && producers[state] == 0;
  }

  private boolean findProducers() {
    Map<String, Integer> states = new HashMap<>();
    for (int state = 0; state < awaited.length; state++) {
      String text = model.text(state);
      if (awaited[state] > 0 && text != null) {
        states.put(text, state);
      }
    }
    Map<Integer, Map<String, int[]>> appends = appendsByLength();
    if (appends.size() > APPEND_LENGTHS_MAX) {
      return false;
    }
    Pairs pairs = new Pairs(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      addDirect(pairs, i, states);
    }
    states.forEach((text, state) -> forEachSuffix(text, appends, i -> pairs.add(i, state)));
    return pairs.store(produced);
  }

  private void addDirect(Pairs pairs, int index, Map<String, Integer> states) {
    KvAction action = operations.get(index).action();
    if (action instanceof KvAction.Put put) {
      pairs.add(index, states.get(put.value()));
    } else if (action instanceof KvAction.Cas cas && !model.isRead(index)) {
      pairs.add(index, states.get(cas.value()));
    } else if (action instanceof KvAction.Delete && awaited[model.initial()] > 0) {
      pairs.add(index, model.initial());
    }
  }

  /** The appends, by the length and the text of what they append. */
  private Map<Integer, Map<String, int[]>> appendsByLength() {
    Map<Integer, Map<String, int[]>> lengths = new TreeMap<>();
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).action() instanceof KvAction.Append append) {
        int[] single = {i};
        lengths
            .computeIfAbsent(append.value().length(), ignored -> new HashMap<>())
            .merge(append.value(), single, Outlook::concat);
      }
    }
    return lengths;
  }

  private static int[] concat(int[] left, int[] right) {
    int[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  private static void forEachSuffix(
      String text, Map<Integer, Map<String, int[]>> appends, IntConsumer found) {
    appends.forEach(
        (length, byText) -> {
          if (length <= text.length()) {
            int[] indexes = byText.getOrDefault(text.substring(text.length() - length), NONE);
            Arrays.stream(indexes).forEach(found);
          }
        });
  }

  /** Pairs of an operation and a state that it could leave, up to a bound. */
  private static final class Pairs {
    private final Map<Integer, int[]> states = new HashMap<>();
    private long room;

    Pairs(int operationCount) {
      room = (long) PAIRS_PER_OPERATION * operationCount;
    }

    void add(int operation, @Nullable Integer state) {
      if (state != null && room-- > 0) {
        int[] single = {state};
        states.merge(operation, single, Outlook::concat);
      }
    }

    /** Stores the pairs by operation unless there were too many. */
    boolean store(int[][] produced) {
      if (room < 0) {
        return false;
      }
      states.forEach((operation, list) -> produced[operation] = list);
      return true;
    }
  }
}
