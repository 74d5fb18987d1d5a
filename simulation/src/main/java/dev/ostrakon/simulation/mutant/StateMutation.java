package dev.ostrakon.simulation.mutant;

/** What a broken state store does wrong. */
enum StateMutation {
  NONE,
  REPORT_CHECKPOINT_EARLY,
  OLD_INDEX,
  INDEX_ONLY,
  HALF_THE_ROWS
}
