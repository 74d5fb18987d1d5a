package dev.ostrakon.client;

/** The data do not allow it: an add met a value that is no number, or would leave 64 bits. */
public final class TransactionRefusedException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    NOT_A_NUMBER,
    NUMBER_OVERFLOW
  }

  private final Reason reason;

  TransactionRefusedException(String message, Reason reason) {
    super(message, null);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
