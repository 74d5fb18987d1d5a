package dev.ostrakon.controller;

/** Bytes are not in a format of this package that this version knows. */
public final class UnreadableBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  UnreadableBytesException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What is wrong with them. */
  public Reason reason() {
    return reason;
  }

  /** What is wrong, as far as somebody would act differently on it. */
  public enum Reason {
    /** No version of this program wrote them so. */
    MALFORMED,
    /** A newer version of this program wrote them: use that one. */
    NEWER_FORMAT
  }
}
