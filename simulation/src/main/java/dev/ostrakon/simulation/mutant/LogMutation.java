package dev.ostrakon.simulation.mutant;

/** What a broken log storage does wrong. */
enum LogMutation {
  NONE,
  FORGET_VOTE,
  FORGET_TERM,
  REPORT_EARLY,
  REPORT_LATER_ONES_TOO
}
