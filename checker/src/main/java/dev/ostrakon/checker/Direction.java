package dev.ostrakon.checker;

/** Which way a search goes through a history. */
enum Direction {
  FORWARDS,

  /**
   * From the end to the beginning. A history read backwards is one too: spans are reversed,
   * transfers take the money back, and an order of it is one of the other read backwards.
   */
  BACKWARDS;

  Direction opposite() {
    return switch (this) {
      case FORWARDS -> BACKWARDS;
      case BACKWARDS -> FORWARDS;
    };
  }

  /** A span as the search sees it. */
  Span of(Span span) {
    return switch (this) {
      case FORWARDS -> span;
      case BACKWARDS -> span.reversed();
    };
  }
}
