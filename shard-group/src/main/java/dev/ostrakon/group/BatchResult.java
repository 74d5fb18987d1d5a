package dev.ostrakon.group;

import java.util.List;

/**
 * What an entry came to.
 *
 * @param results one for each command, in order; a single {@link CommandResult.Rejected} if the
 *     entry could not be read
 */
public record BatchResult(List<CommandResult> results) {
  /** Copies the list. */
  public BatchResult {
    results = List.copyOf(results);
  }
}
