package dev.ostrakon.checker;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One transaction on lists. */
public record TxnOperation(Span span, Status status, List<Step> steps) {
  public TxnOperation {
    steps = List.copyOf(steps);
    if ((status == Status.UNKNOWN) != (span.returned() == Span.NEVER)) {
      throw new IllegalArgumentException(status + " does not go with " + span);
    }
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(" ", "[", "]"))
        + " "
        + status.name().toLowerCase(Locale.ROOT)
        + ", "
        + span;
  }
}
