package dev.ostrakon.cli.torture;

import java.util.concurrent.atomic.LongAdder;

/** How operations have ended so far. Any thread. */
final class Counts {
  private final LongAdder ok = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder unknown = new LongAdder();

  void add(Answer<?> answer) {
    if (answer instanceof Answer.Ok<?>) {
      ok.increment();
    } else if (answer instanceof Answer.Failed<?>) {
      failed.increment();
    } else {
      unknown.increment();
    }
  }

  long ok() {
    return ok.sum();
  }

  long failed() {
    return failed.sum();
  }

  long unknown() {
    return unknown.sum();
  }

  long total() {
    return ok() + failed() + unknown();
  }
}
