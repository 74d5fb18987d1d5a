package dev.ostrakon.checker;

import java.util.Locale;

/** One operation on the bank. */
public record BankOperation(Span span, Status status, BankAction action) {
  public BankOperation {
    if ((status == Status.UNKNOWN) != (span.returned() == Span.NEVER)) {
      throw new IllegalArgumentException(status + " does not go with " + span);
    }
  }

  @Override
  public String toString() {
    return action + " " + status.name().toLowerCase(Locale.ROOT) + ", " + span;
  }
}
