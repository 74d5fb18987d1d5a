package dev.ostrakon.examples.bank;

import java.io.Serial;

/** An auditor found balances that cannot be: the store has broken its promise. */
public final class AuditFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  AuditFailedException(String message) {
    super(message);
  }
}
