package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.List;

/**
 * What one log entry carries: an entry costs about the same whatever it holds, so a leader puts
 * everything into one that gathered in the same turn.
 *
 * @param timestamp the leader's hybrid time when it proposed the entry
 * @param commands applied one after the other
 */
public record CommandBatch(HybridTimestamp timestamp, List<Command> commands) {
  /** Copies the list. */
  public CommandBatch {
    commands = List.copyOf(commands);
  }
}
