package dev.ostrakon.client;

import dev.ostrakon.protocol.ErrorCode;

/** The shard controller refuses a change or does not know what it was asked for. */
public final class ShardsException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ShardsException(String message, ErrorCode code) {
    super(message, null);
    this.code = code;
  }

  /** Which of the controller's reasons it is: a group that exists, a slot that does not, ... */
  public ErrorCode code() {
    return code;
  }
}
