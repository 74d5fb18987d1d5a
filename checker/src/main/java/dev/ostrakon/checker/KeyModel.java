package dev.ostrakon.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One key as a sequential object.
 *
 * <p>Values that neither are nor begin a value that anybody compares with are one state, {@link
 * #JUNK}: no operation can tell them apart, whatever is appended to them. So appends in a wrong
 * order lead to one configuration, not to many. Increments do not build on the beginning of a
 * value, so with them every value is a state.
 */
final class KeyModel implements SequentialModel {
  private static final int MISSING = 0;
  private static final int JUNK = 1;

  private final List<KvOperation> operations;
  private final ObservedValues observed;
  private final boolean exact;
  private final boolean growing;

  /** The value of each state; none for the first two. */
  private final List<@Nullable String> texts = new ArrayList<>();

  private final Map<String, Integer> states = new HashMap<>();

  /** For each operation the state of its value or of its output. */
  private final int[] values;

  /** For each operation the state that its compare-and-set expects. */
  private final int[] expects;

  /** For each pair of a state and an appended operation the state after. */
  private final Map<Long, Integer> appended = new HashMap<>();

  private final Outlook outlook;

  KeyModel(List<KvOperation> operations) {
    this(operations, operations.stream().anyMatch(KeyModel::isIncrement));
  }

  private KeyModel(List<KvOperation> operations, boolean exact) {
    this.operations = operations;
    this.exact = exact;
    observed = new ObservedValues(operations);
    growing =
        operations.stream()
            .anyMatch(operation -> operation.action().kind() == KvAction.Kind.APPEND);
    texts.add(null);
    texts.add(null);
    values = new int[operations.size()];
    expects = new int[operations.size()];
    for (int i = 0; i < values.length; i++) {
      readValues(i);
    }
    outlook = new Outlook(this, operations, texts.size(), !exact);
  }

  /** A model of which every value is a state: slower, but {@link #display} shows them all. */
  static KeyModel exact(List<KvOperation> operations) {
    return new KeyModel(operations, true);
  }

  private static boolean isIncrement(KvOperation operation) {
    return operation.action().kind() == KvAction.Kind.INCREMENT;
  }

  private void readValues(int index) {
    KvOperation operation = operations.get(index);
    KvAction action = operation.action();
    if (action instanceof KvAction.Put put) {
      values[index] = stateOf(put.value());
    } else if (action instanceof KvAction.Cas cas) {
      values[index] = stateOf(cas.value());
      expects[index] = stateOf(cas.expect());
    } else if (operation.output() instanceof KvOutput.Value value) {
      values[index] = stateOf(value.text());
    }
  }

  private int stateOf(@Nullable String text) {
    if (text == null) {
      return MISSING;
    }
    if (!exact && !observed.canSee(text)) {
      return JUNK;
    }
    return states.computeIfAbsent(
        text,
        added -> {
          texts.add(added);
          return texts.size() - 1;
        });
  }

  /** How a report shows a state. */
  String display(int state) {
    String text = texts.get(state);
    return text == null ? "none" : '"' + text + '"';
  }

  /** The value of a state that is not junk; null if there is none. */
  @Nullable String text(int state) {
    return texts.get(state);
  }

  int valueOf(int operation) {
    return values[operation];
  }

  int expectOf(int operation) {
    return expects[operation];
  }

  @Override
  public int initial() {
    return MISSING;
  }

  @Override
  public int next(int state, int index) {
    KvOperation operation = operations.get(index);
    return switch (operation.action().kind()) {
      case GET -> state == values[index] ? state : IMPOSSIBLE;
      case PUT -> values[index];
      case DELETE -> MISSING;
      case APPEND -> afterAppend(state, index);
      case CAS -> afterCas(state, index);
      case INCREMENT -> afterIncrement(state, index);
    };
  }

  private int afterAppend(int state, int index) {
    if (state == JUNK) {
      return JUNK;
    }
    long pair = ((long) state << Integer.SIZE) | index;
    Integer known = appended.get(pair);
    if (known == null) {
      String before = texts.get(state);
      String suffix = ((KvAction.Append) operations.get(index).action()).value();
      known = stateOf(before == null ? suffix : before + suffix);
      appended.put(pair, known);
    }
    return known;
  }

  private int afterCas(int state, int index) {
    boolean matches = state == expects[index];
    if (isRead(index)) {
      return matches ? IMPOSSIBLE : state;
    }
    return matches ? values[index] : IMPOSSIBLE;
  }

  private int afterIncrement(int state, int index) {
    KvOperation operation = operations.get(index);
    String before = texts.get(state);
    int after;
    try {
      long number = before == null ? 0 : Long.parseLong(before);
      long delta = ((KvAction.Increment) operation.action()).delta();
      after = stateOf(Long.toString(Math.addExact(number, delta)));
    } catch (NumberFormatException | ArithmeticException e) {
      return IMPOSSIBLE; // The store refuses it.
    }
    return operation.status() == Status.OK && after != values[index] ? IMPOSSIBLE : after;
  }

  @Override
  public boolean isRead(int index) {
    KvOperation operation = operations.get(index);
    return switch (operation.action().kind()) {
      case GET -> true;
      case CAS -> operation.status() == Status.OK && !operation.swapped();
      case PUT, DELETE, APPEND, INCREMENT -> false;
    };
  }

  @Override
  public boolean observes(int index) {
    return switch (operations.get(index).action().kind()) {
      case GET, CAS, INCREMENT -> true;
      case PUT, DELETE, APPEND -> false;
    };
  }

  @Override
  public boolean overwrites(int index) {
    return switch (operations.get(index).action().kind()) {
      case PUT, DELETE -> true;
      case GET, CAS, APPEND, INCREMENT -> false;
    };
  }

  @Override
  public boolean isWorthwhile(int operation, int before, int after) {
    if (before == after) {
      return false;
    }
    return exact
        || outlook.isAwaited(after)
        || outlook.isToBeLeft(before)
        || (growing && after != JUNK && observed.canGrowFrom(texts.get(after)));
  }

  /** A value that nobody sees is like any other. */
  @Override
  public Object effect(int index) {
    KvAction action = operations.get(index).action();
    return switch (action.kind()) {
      case PUT, CAS -> List.of(action.kind(), values[index], expects[index]);
      case GET, DELETE, APPEND, INCREMENT -> action;
    };
  }

  @Override
  public void onPlaced(int operation) {
    outlook.count(operation, -1);
  }

  @Override
  public void onRemoved(int operation) {
    outlook.count(operation, 1);
  }

  @Override
  public boolean isHopeless(int operation, int before, int after) {
    return outlook.isHopeless(operation, before, after);
  }
}
