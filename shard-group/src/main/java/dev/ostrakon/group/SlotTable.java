package dev.ostrakon.group;

import dev.ostrakon.group.command.ByteReader;
import dev.ostrakon.group.command.ByteWriter;
import dev.ostrakon.group.command.MalformedException;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Slot;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** What this group does with each slot. */
final class SlotTable {
  /** The states of a slot. The codes are part of the state's format and never change. */
  enum State {
    /** Another group's, or nobody's. */
    ABSENT(0),
    /** Owned, complete, and open for requests. */
    SERVING(1),
    /** Given away by a newer configuration: nothing new enters, what is pending ends. */
    FROZEN(2),
    /** Owned by a newer configuration, and not complete yet. */
    PULLING(3);

    private static final State[] BY_CODE = values();
    private final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      for (State state : BY_CODE) {
        if (state.code == code) {
          return state;
        }
      }
      throw new MalformedException("unknown code of a slot's state: " + code);
    }
  }

  private final State[] states;

  private SlotTable(State[] states) {
    this.states = states;
  }

  /** Nothing is served. */
  static SlotTable empty() {
    return new SlotTable(new State[0]);
  }

  /** What a group serves under the first configuration that it follows. */
  static SlotTable initial(Configuration configuration, GroupId group) {
    State[] states = new State[configuration.owners().size()];
    Arrays.fill(states, State.ABSENT);
    configuration.slotsOf(group).forEach(slot -> states[slot.number()] = State.SERVING);
    return new SlotTable(states);
  }

  boolean serves(Slot slot) {
    return slot.number() < states.length && states[slot.number()] == State.SERVING;
  }

  /** Whether the slots of all of these are served. */
  <T> boolean servesAll(Collection<T> all, Function<? super T, Slot> slotOf) {
    for (T one : all) {
      if (!serves(slotOf.apply(one))) {
        return false;
      }
    }
    return true;
  }

  /** The slots that are served, ascending. */
  List<Slot> serving() {
    return java.util.stream.IntStream.range(0, states.length)
        .filter(number -> states[number] == State.SERVING)
        .mapToObj(Slot::new)
        .toList();
  }

  void encode(ByteWriter out) {
    out.varint(states.length);
    for (State state : states) {
      out.u8(state.code);
    }
  }

  static SlotTable decode(ByteReader in) {
    State[] states = new State[in.count()];
    for (int i = 0; i < states.length; i++) {
      states[i] = State.of(in.u8());
    }
    return new SlotTable(states);
  }
}
