package dev.ostrakon.raft;

import java.util.List;

/**
 * What the log storage holds when a replica starts.
 *
 * @param hardState the stored hard state, {@link HardState#INITIAL} on a new disk
 * @param base the entry right before the first one stored, {@link EntryId#ZERO} for a whole log
 * @param lastIndex the index of the last entry stored; equals {@code base.index()} if there is none
 * @param termStarts the first stored entry of each term above {@code base}, ascending; with it the
 *     core knows the term of every entry without reading one
 */
public record RecoveredLog(
    HardState hardState, EntryId base, long lastIndex, List<EntryId> termStarts) {

  /** A disk that was never written. */
  public static final RecoveredLog EMPTY =
      new RecoveredLog(HardState.INITIAL, EntryId.ZERO, 0, List.of());

  public RecoveredLog {
    termStarts = List.copyOf(termStarts);
  }
}
