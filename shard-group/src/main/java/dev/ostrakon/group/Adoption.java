package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.model.Configuration;

/** How a group comes to follow a configuration. */
final class Adoption {
  private Adoption() {}

  /**
   * Adopts the first configuration, or one more that leaves this group its slots. Data does not
   * move yet: what would make it move is rejected.
   */
  static CommandResult adopt(ShardState state, Command.Adopt adopt) {
    Configuration present = state.configuration;
    Configuration next = adopt.configuration();
    if (present == null) {
      state.use(adopt.settings());
      state.data.use(next.slots());
      state.slotTable = SlotTable.initial(next, state.group);
      state.configuration = next;
      return new CommandResult.Done();
    }
    if (next.number() <= present.number()) {
      return new CommandResult.Done(); // A copy that comes late.
    }
    if (next.number() != present.number() + 1) {
      return new CommandResult.Rejected(
          "configurations are followed one by one, expected "
              + (present.number() + 1)
              + ", was "
              + next.number());
    }
    if (!next.slots().equals(present.slots())
        || !next.slotsOf(state.group).equals(present.slotsOf(state.group))) {
      return new CommandResult.Rejected(
          "configuration " + next.number() + " would move slots, which is not supported yet");
    }
    state.configuration = next;
    return new CommandResult.Done();
  }
}
